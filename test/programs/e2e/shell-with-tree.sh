#!/bin/sh
# A shell with a child in its group and a daemon in a session of its own; says "here" when both are there.
sleep 1000 &
setsid sh -c 'sleep 1000 & sleep 1000' &
echo here
wait
