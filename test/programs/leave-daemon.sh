#!/bin/sh
# Leaves a daemon behind (own session, parent gone) that holds the output; says its pid, then waits.
setsid sh -c 'sleep 1000 & echo $!'
exec sleep 1000
