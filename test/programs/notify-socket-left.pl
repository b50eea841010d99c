#!/usr/bin/perl
# Leaves a datagram socket behind that nobody serves, by the name that is its argument.
use Socket;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die;
bind($socket, pack_sockaddr_un($ARGV[0])) or die "$!";
