#!/bin/sh
# Writes lines without an end.
while :; do echo line; done
