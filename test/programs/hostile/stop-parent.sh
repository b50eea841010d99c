#!/bin/sh
# Has a child that stops it with SIGSTOP, and lives on.
sh -c 'kill -STOP $PPID; echo up; exec sleep 1000' &
wait
