#!/bin/sh
# `npm run -s sluice -- COMMAND`: set-up where it never ran, then the command in this process's place.
set -eu
cd -- "$(dirname -- "$0")/.."
sh scripts/setup.sh run
exec node_modules/.bin/node src/main.ts "$@"
