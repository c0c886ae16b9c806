#!/bin/sh
# Installs a build into a scratch folder, and there builds and runs the project
# in this folder against it. What is installed is removed again.
#
# usage: run.sh BUILD SCRATCH [OPTION...]   options of cmake, for the project
set -eu

project=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
source=$(CDPATH='' cd -- "$project/../.." && pwd)
build=$1
scratch=$2
shift 2

die() {
  printf 'run.sh: error: %s\n' "$*" >&2
  exit 1
}

rm -rf "$scratch"
mkdir -p "$scratch"
prefix=$scratch/prefix
trap 'rm -rf "$prefix" "$scratch/build"' EXIT

cmake --install "$build" --prefix "$prefix" >"$scratch/install.log"

# Nothing of it may need this clone, or force its taste upon others.
if grep -rnF "$source/" "$prefix/include" "$prefix"/lib*/ --include='*.cmake' \
  --include='*.h'; then
  die 'what is installed names the folder of the sources'
fi
if grep -rnE -e '-W(all|extra|error|conversion)' "$prefix"/lib*/ \
  --include='*.cmake'; then
  die 'the warnings of the project reach those who use it'
fi
"$prefix/bin/rebisect" test "$prefix/share/rebisect/suites/basics.yaml" \
  >"$scratch/test.log" || die "the installed program: $(cat "$scratch/test.log")"

cmake -S "$project" -B "$scratch/build" "-DCMAKE_PREFIX_PATH=$prefix" "$@"
cmake --build "$scratch/build"
status=0
"$scratch/build/my_bisect_test" --gtest_brief=1 \
  "--gtest_output=xml:$scratch/results.xml" >"$scratch/example.log" || status=$?
cat "$scratch/example.log"
[ "$status" -eq 0 ] || die 'the tests of the project fail'

# Every scenario of the two suites was run, but for those that the tool says it
# cannot take.
if grep 'does not support this' "$scratch/example.log" |
  grep -vE ' needs (marks|replay)$' >&2; then
  die 'these scenarios are skipped, and should not be'
fi
wanted=$(cat "$prefix/share/rebisect/suites/basics.yaml" \
  "$prefix/share/rebisect/suites/merges.yaml" | grep -c '^  - name:')
ran=$(grep -c 'classname="Shipped/' "$scratch/results.xml")
[ "$ran" -eq "$wanted" ] || die "$ran tests for $wanted scenarios"
