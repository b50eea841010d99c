#!/bin/sh
# Goes by a name that looks like another line of /proc/<pid>/stat, and has a daemon that does so too.
cat > renamed <<'END'
printf ') Z 1 1\n(x y' > /proc/$$/comm
while :; do sleep 1; done
END
setsid sh ./renamed &
printf ') S 1 (\n) R 0' > /proc/$$/comm
echo up; while :; do sleep 1; done
