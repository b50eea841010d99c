#!/bin/sh
# Never ends, and neither does its child; both ignore SIGTERM.
trap '' TERM
sleep 1000 &
sleep 1000
