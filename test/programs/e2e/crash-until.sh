#!/bin/sh
# Ends with 3 as often as its argument says, then stays; counts with letters in the file "tries".
printf x >> tries
test "$(wc -c < tries)" -gt "$1" && echo steady && exec sleep 1000
exit 3
