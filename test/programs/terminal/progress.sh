#!/bin/sh
# One line that writes over itself, and stays at 80 % until there is a file "resized".
for state in '==        ] 20%' '====      ] 40%' '======    ] 60%' '========  ] 80%'; do printf '\r\033[K\033[33mresizing\033[39m [%s' "$state"; done
until [ -e resized ]; do sleep 0.02; done
printf '\r\033[Kresized 40 images\n'
exec sleep 1000
