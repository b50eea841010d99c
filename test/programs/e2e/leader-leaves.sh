#!/bin/sh
# Says the pid of a child without environment, and ends: the group and the session live on without their leader.
env -i /bin/sleep 1000 >/dev/null 2>&1 &
echo "child $!"
