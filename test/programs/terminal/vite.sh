#!/bin/sh
# As vite does: clears the screen, and names itself and its address in colours, with a link. The last lines come at once.
printf '\033[2J\033[3J\033[H\n  \033[32m\033[1mVITE\033[22m v7.1.0\033[39m  \033[2mready in \033[0m\033[1m412\033[22m ms\n\n'
link='\033]8;;http://localhost:5173/\033\\http://localhost:5173/\033]8;;\033\\'
printf "  \033[32m➜\033[39m  \033[1mLocal\033[22m:   \033[36m$link\033[39m\n  \033[32m➜\033[39m  \033[2mNetwork: use --host to expose\n"
exec sleep 1000
