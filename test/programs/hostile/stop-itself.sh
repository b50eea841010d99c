#!/bin/sh
# Stops itself as SIGSTOP does, with a child.
sleep 1000 &
echo up
kill -STOP $$
wait
