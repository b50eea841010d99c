#!/bin/sh
# Ends with 7 before it is ready, having said why.
echo opening the database
echo no such table >&2
exit 7
