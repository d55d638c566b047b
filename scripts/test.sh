#!/bin/sh
# `npm test [-- FILE…]`: set-up, then the tests in the named files, or everything: formatting, lint, types and all tests.
set -eu
cd -- "$(dirname -- "$0")/.."
sh scripts/setup.sh test
PATH=$PWD/node_modules/.bin:$PATH
export PATH
[ $# -eq 0 ] || exec tap run "$@"

failed=
npm run -s check || failed=" formatting, lint or types"
tap run || failed="${failed:+$failed;} tests"
[ -z "$failed" ] || { echo "npm test failed:$failed" >&2; exit 1; }
