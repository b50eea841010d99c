#!/bin/sh
# Takes all of a terminal: the other screen, no cursor, no wrapping, the mouse, keys of its own, some of the rows; then it is killed.
printf '\033[?1049h\033[?25l\033[?7l\033[?1000h\033[?2004h\033[?1h\033=\033[4h\033[5;10r\033[?6h\033(0\016\033[7m'
printf 'all of it is mine\n'
kill -9 $$
