#!/bin/sh
# Leaves a daemon behind that ignores SIGTERM and SIGINT; says its pid and ends.
setsid sh -c 'trap "" TERM INT; sleep 1000 & echo $!'
