#!/bin/sh
# Makes the data folders on the first start; after that it finds them and changes nothing.
set -eu
if ! ./as postgres sh -c 'command -v initdb postgres psql redis-server redis-cli' >/dev/null; then
  echo "PostgreSQL and Redis are needed: apt-get install postgresql redis-server" >&2
  exit 1
fi
mkdir -p "$DATA_DIR/redis"
if [ "$(id -u)" = 0 ]; then
  chown redis: "$DATA_DIR/redis"
fi
if [ -d "$PGDATA" ]; then
  echo "found the database in $PGDATA"
  exit
fi
# A folder of another name first: what was cut short is never taken for a database.
rm -rf "$PGDATA.new"
mkdir -m 700 "$PGDATA.new"
if [ "$(id -u)" = 0 ]; then
  chown postgres: "$PGDATA.new"
fi
./as postgres initdb --pgdata "$PGDATA.new" --username "$PGUSER" \
  --auth-local trust --auth-host scram-sha-256 --encoding UTF8 --locale C >"$DATA_DIR/initdb.log"
mv "$PGDATA.new" "$PGDATA"
echo "made a database in $PGDATA"
