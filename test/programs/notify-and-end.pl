#!/usr/bin/perl
# Sends each of its arguments as a message to NOTIFY_SOCKET, and has ended before anybody can have read it.
use Socket;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die;
connect($socket, pack_sockaddr_un($ENV{NOTIFY_SOCKET})) or die;
for (@ARGV) { send($socket, $_, 0) }
