#!/bin/sh
# Has a child in a session of its own, without any environment; says its pid, then waits.
setsid env -i sleep 1000 &
echo $!
exec sleep 1000
