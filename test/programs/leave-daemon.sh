#!/bin/sh
# Leaves a daemon behind (own session, parent gone) that holds the output; says its pid, then waits.
exec 3>&1
echo "$(setsid sh -c 'sleep 1000 >&3 & echo $!')"
exec sleep 1000
