#!/bin/sh
# On SIGTERM it asks its child to end, through the file "asked"; the child says who asked it first.
sh -c 'trap "echo child asked by SIGTERM; exit" TERM; echo > child
  until test -e asked; do sleep 0.02; done; echo child asked by main' &
trap 'echo > asked' TERM
while kill -0 $! 2>/dev/null; do wait; done
