#!/bin/sh
# Asks, and waits for an answer on the same line.
printf '\033[1mOverwrite 12 rows?\033[22m (y/N) '
exec sleep 1000
