#!/usr/bin/perl
# Listens at the address of its first argument, says so by a byte into the file of its second one, and serves nobody.
use strict;
use Socket;

my ($host, $port) = split /:/, $ARGV[0];
socket(my $server, PF_INET, SOCK_STREAM, 0) or die $!;
setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1) or die $!;
bind($server, sockaddr_in($port, inet_aton($host))) or die $!;
listen($server, 16) or die $!;
open(my $marks, '>>', $ARGV[1]) or die $!;
syswrite $marks, "\n";
while (accept(my $guest, $server)) { close $guest }
