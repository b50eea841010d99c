#!/bin/sh
# Goes on as a program whose file is gone, with a child of the same kind.
cp /bin/sh mine
exec ./mine -c './mine -c "rm mine; echo up; sleep 1000 & wait" & wait'
