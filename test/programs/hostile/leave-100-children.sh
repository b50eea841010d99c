#!/bin/sh
# Ends with 0 while its 100 children live on.
for n in $(seq 100); do sleep 1000 & done
