#!/bin/sh
# Has 50 children, each with one of its own, all of which ignore SIGTERM; ignores it too.
trap '' TERM
for n in $(seq 50); do sh -c 'sleep 1000 & wait' & done
echo up
wait
