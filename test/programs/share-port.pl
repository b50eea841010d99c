#!/usr/bin/perl
# Listens at the host and port of its arguments (or any port) and shares it with whoever else does (SO_REUSEPORT).
use strict;
use IO::Socket::INET;
$| = 1;
my ($host, $port) = @ARGV;
my $server = IO::Socket::INET->new(LocalAddr => $host, LocalPort => $port // 0, Listen => 9, ReusePort => 1) or die $@;
print 'port ', $server->sockport, "\n";
while (my $client = $server->accept) { close $client }
