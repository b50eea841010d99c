#!/usr/bin/perl
# Sends each of its arguments as a message to NOTIFY_SOCKET (\n in them ends a line), says so, and stays.
use Socket;
$| = 1;
$SIG{TERM} = sub { print "got TERM\n"; exit 7 };
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die "$!\n";
setsockopt($socket, SOL_SOCKET, SO_SNDBUF, 1 << 20);
connect($socket, pack_sockaddr_un($ENV{NOTIFY_SOCKET})) or die "$!\n";
for (@ARGV) { send($socket, s/\\n/\n/gr, 0) // die "$!\n" }
print "sent $$\n";
sleep while 1;
