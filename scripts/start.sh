#!/bin/sh
# `npm start`: set-up, then the gateway in this process's place, so that signals reach it.
set -eu
cd -- "$(dirname -- "$0")/.."
sh scripts/setup.sh run
exec node_modules/.bin/node src/main.ts run "$@"
