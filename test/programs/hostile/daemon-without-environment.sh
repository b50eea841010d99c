#!/bin/sh
# Leaves a daemon (forked twice, own session) that was started without any environment; then waits.
setsid env -i /bin/sh -c '(/bin/sleep 1000 &)'
echo up
exec sleep 1000
