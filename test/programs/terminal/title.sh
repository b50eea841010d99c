#!/bin/sh
# Names the window, also in tmux's own way, and changes its colours and the shape of its cursor.
printf '\033]0;taken\007\033]2;taken\033\\\033ktaken\033\\\033]4;1;#00ff00\007\033]11;#ff0000\007\033[5 qnamed\n'
exec sleep 1000
