#!/bin/sh
# A bisect tool in a few lines: halve.sh BAD 'GOOD...' TEST-PROGRAM
# It knows neither skips nor terms, and takes every verdict for right.
set -eu
bad=$1 goods=$2
home=$(git symbolic-ref -q --short HEAD || git rev-parse HEAD)
while :; do
  # shellcheck disable=SC2086 # a list of ids
  next=$(git rev-list --bisect "$bad" --not $goods)
  if [ "$next" = "$bad" ]; then break; fi
  git checkout -q --detach "$next"
  if "$3"; then goods="$goods $next"; else bad=$next; fi
done
git checkout -q "$home"
echo "first bad commit: $bad"
