#!/bin/sh
# A small bisect that goes wrong in the way that its argument says, or in none
# ("nothing"). What it searches is told by the environment, as to all scripts
# of a tool file. Lists of commits are words.
# shellcheck disable=SC2086
wrong=$1
bad=$REBISECT_BAD
goods=$REBISECT_GOODS
skips=
asked=0
home=$(git symbolic-ref -q --short HEAD || git rev-parse HEAD)

# Ends the search: the first word says how, ids come after it.
finish() {
  outcome=$1
  shift
  case $wrong in
  prints-garbage)
    head -c 100000 /dev/urandom
    printf '\0\377\n'
    exit 0
    ;;
  leaves-refs) git update-ref refs/bisect/bad "$bad" ;;
  leaves-files) echo "$outcome" >bisect.log ;;
  leaves-a-process) setsid sleep 1000 >/dev/null 2>&1 & ;;
  esac
  [ "$wrong" = moves-head ] || git checkout -q "$home"
  echo "$outcome"
  for id; do echo "  $id"; done
  exit 0
}

# Tests the commit: sets `code`.
test_commit() {
  git checkout -q --detach "$1" || exit
  "$REBISECT_ORACLE"
  code=$?
  asked=$((asked + 1))
  if [ "$wrong" = crashes ] && [ $asked -eq 3 ]; then kill -SEGV $$; fi
}

while :; do
  # With the best to test first; the bad commit comes last.
  suspects=$(git rev-list --bisect-all "$bad" --not $goods | sed 's/ .*//')
  left=0
  next=
  for id in $suspects; do
    left=$((left + 1))
    case " $skips " in
    *" $id "*) ;;
    *) [ -n "$next" ] || next=$id ;;
    esac
  done
  if [ "$wrong" = stops-early ] && [ $left -le 3 ]; then next=$bad; fi
  if [ "$wrong" = walks ] && [ $left -gt 1 ]; then
    next=$(git rev-list --topo-order "$bad" --not $goods | sed -n 2p)
  fi
  if [ "$next" = "$bad" ]; then
    [ $left -eq 1 ] || [ "$wrong" = stops-early ] || finish skipped $suspects
    case $wrong in
    is-off-by-one) finish found "$(git rev-parse "$bad^")" ;;
    lies) finish found "$REBISECT_BAD" ;;
    names-two) finish found "$bad" "$REBISECT_BAD" ;;
    makes-up-a-commit) finish found 0123456789012345678901234567890123456789 ;;
    says-nothing) exit 0 ;;
    *) finish found "$bad" ;;
    esac
  fi
  test_commit "$next"
  if [ "$wrong" = asks-twice ]; then test_commit "$next"; fi
  case $code in
  0)
    if [ "$wrong" = loops ]; then continue; fi
    goods="$goods $next"
    ;;
  125)
    if [ "$wrong" = takes-skip-for-bad ]; then
      bad=$next
    elif [ "$wrong" != forgets-skips ]; then
      skips="$skips $next"
    fi
    ;;
  *)
    if [ $code -ge 128 ] && [ "$wrong" != never-aborts ]; then
      finish aborted
    fi
    bad=$next
    ;;
  esac
done
