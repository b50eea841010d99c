#!/bin/sh
# As tsc -w does: clears all before each compilation, and its scroll-back. It compiles again when there is a file "edited".
printf '\033c[\033[90m10:00:00\033[0m] Starting compilation in watch mode...\n\n'
printf '[\033[90m10:00:01\033[0m] Found 0 errors. Watching for file changes.\n\n'
until [ -e edited ]; do sleep 0.02; done
printf '\033[2J\033[3J\033[H[\033[90m10:00:02\033[0m] File change detected. Starting incremental compilation...\n\n'
printf '\033[96mapi.ts\033[0m:\033[93m7\033[0m:\033[93m3\033[0m - \033[91merror\033[0m\033[90m TS2322: \033[0mType \047string\047 is no number.\n\n'
printf '[\033[90m10:00:03\033[0m] Found 1 error. Watching for file changes.\n'
exec sleep 1000
