#!/bin/sh
# `npm start`: set-up, then the gateway in this process's place, so that signals reach it.
set -eu
cd -- "$(dirname -- "$0")/.."
sh scripts/setup.sh run
# TypeScript is stripped and compiled once per version, not at every start (src/engine/compile-cache.ts).
: "${NODE_COMPILE_CACHE=$PWD/node_modules/.cache/sluice}"
export NODE_COMPILE_CACHE
exec node_modules/.bin/node src/main.ts run "$@"
