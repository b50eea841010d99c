#!/bin/bash
# Has a child that leads a process group of its own, in the same session.
set -m
sleep 1000 &
echo up
wait
