#!/usr/bin/perl
# Sends a thousand messages to NOTIFY_SOCKET without a pause, READY=1 last, and stays.
use Socket;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die;
connect($socket, pack_sockaddr_un($ENV{NOTIFY_SOCKET})) or die;
send($socket, "STATUS=$_", 0) for 1 .. 999;
send($socket, "READY=1", 0);
sleep;
