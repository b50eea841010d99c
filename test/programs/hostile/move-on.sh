#!/bin/sh
# Ignores SIGTERM, and goes on in a new daemon before it ends, again and again: 200 times at most.
trap '' TERM
[ "${1:-0}" = 0 ] && echo up
sleep 0.05
[ "${1:-0}" -lt 200 ] && setsid "$0" $((${1:-0} + 1)) &
