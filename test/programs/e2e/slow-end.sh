#!/bin/sh
# Takes a second to end when it is asked to.
trap 'sleep 1; echo saved; exit 0' TERM INT
echo up
while :; do sleep 0.05; done
