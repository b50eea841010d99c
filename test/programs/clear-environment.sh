#!/bin/sh
# Has a child in a session of its own, without any environment, that says its pid; then waits.
setsid env -i /bin/sh -c 'echo $$; exec /bin/sleep 1000' &
exec sleep 1000
