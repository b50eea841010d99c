#!/bin/sh
# Loses a daemon: its own session, no environment, its parents gone. Says its pid, then does what the arguments say.
setsid env -i /bin/sh -c '(/bin/sleep 1000 & echo "daemon $!")'
exec "$@"
