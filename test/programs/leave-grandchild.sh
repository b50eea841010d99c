#!/bin/sh
# Ends while a child of its group holds the output; says its pid.
sleep 1000 &
echo $!
