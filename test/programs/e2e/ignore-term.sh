#!/bin/sh
# Ignores SIGTERM, and says so.
trap '' TERM
echo stubborn
while :; do sleep 1; done
