#!/bin/sh
# Ends on SIGTERM at once, while a child of its group lives on.
sleep 1000 &
trap 'exit 0' TERM
echo up
wait
