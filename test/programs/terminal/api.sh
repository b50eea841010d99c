#!/bin/sh
# Serves, and says so again when there is a file "asked".
printf 'listening at 3000\nGET /products 200\n'
until [ -e asked ]; do sleep 0.02; done
printf 'GET /orders 200\n'
exec sleep 1000
