#!/bin/sh
# A daemon: its pid is in the file "pid", which is gone when it has ended as it was asked to.
trap 'rm -f pid; exit 0' TERM
echo $$ > pid
while :; do sleep 0.05; done
