#!/bin/sh
# `npm run -s sluice -- COMMAND`: set-up where it never ran, then the command in this process's place.
set -eu
cd -- "$(dirname -- "$0")/.."
sh scripts/setup.sh run
# TypeScript is stripped and compiled once per version, not at every start (src/engine/compile-cache.ts).
: "${NODE_COMPILE_CACHE=$PWD/node_modules/.cache/sluice}"
export NODE_COMPILE_CACHE
exec node_modules/.bin/node src/main.ts "$@"
