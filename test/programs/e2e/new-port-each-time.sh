#!/bin/sh
# Each instance says that it listens on another port: 1, then 2.
echo x >> instances
echo "listening on $(grep -c x instances)"
exec sleep 1000
