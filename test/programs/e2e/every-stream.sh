#!/bin/sh
# Opens its output anew by name, and ends in the middle of a line.
echo to stdout > /dev/stdout
echo to stderr > /dev/stderr
printf 'no end of line'
