#!/bin/sh
# Says whether the file "b.stamp" was there when it began, and its arguments; then waits.
if test -e b.stamp; then echo "after b: $*"; else echo "before b: $*"; fi
exec sleep 1000
