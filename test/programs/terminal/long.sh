#!/bin/sh
# A line of 400 columns in one style, and one that isn't finished.
line=$(printf '%0400d' 0 | sed 's/0/=/g')
printf '\033[41m<%s>\n<%s' "$line" "$line"
exec sleep 1000
