#!/bin/sh
# Leaves $1 orphans that end at once, each in a session of its own; says when all have ended, then waits.
i=0
while [ $i -lt "$1" ]; do (setsid sleep 0 &); i=$((i + 1)); done | cat
echo all ended
exec sleep 1000
