#!/bin/sh
# Opens HTML reports in a real browser: see report_test.mjs. Ends with 77, a
# skipped test, where the browser or what drives it is not there.
#
# usage: run.sh REBISECT SCRATCH
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
source=$(CDPATH='' cd -- "$here/../../.." && pwd)
modules=${REBISECT_NODE_MODULES-$source/build/browser/node_modules}

skip() {
  printf 'skipped: there is no %s; ./dev deps --browser installs it\n' "$1"
  exit 77
}

command -v node >/dev/null || skip node
command -v chromium >/dev/null || skip chromium
[ -d "$modules/playwright-core" ] || skip "$modules/playwright-core"
[ -d "$modules/axe-core" ] || skip "$modules/axe-core"
command -v dot >/dev/null || skip 'dot (graphviz)'

mkdir -p "$2"
exec node "$here/report_test.mjs" "$1" "$source" "$modules" "$2" \
  "$(command -v chromium)"
