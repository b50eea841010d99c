#!/bin/sh
# Loses a daemon that cleans up for a second when it is asked to end, and then writes the file $1; then waits.
setsid env -i /bin/sh -c '(
  trap "/bin/sleep 1; echo clean >$0; exit" TERM
  echo up
  exec >/dev/null 2>&1
  while :; do /bin/sleep 0.05; done
) &' "$1"
exec sleep 1000
