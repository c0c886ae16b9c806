#!/bin/sh
# How much faster than git: `git rev-list --bisect` and one `start` of
# `rebisect drive` (the whole process, loading included) on the same
# repository, in turn, medians of several rounds.
#
#   side_by_side.sh [REBISECT_BINARY [WORKDIR]]
#
# The binary may also come from $REBISECT. What is made in WORKDIR is kept for
# the next run; without one it is made in a temporary folder and removed.
# ROUNDS (3) sets how often git runs; rebisect runs five times as often, since
# its times are short. With REBISECT_SHARED the repositories are git's own
# history and Linux's; without, a generated one.
set -eu

rebisect=${1:-${REBISECT-}}
work=${2-}
rounds=${ROUNDS:-3}
shared=${REBISECT_SHARED-}

if [ -z "$rebisect" ] || [ ! -x "$rebisect" ]; then
  echo 'usage: side_by_side.sh [REBISECT_BINARY [WORKDIR]]' >&2
  exit 2
fi
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
fi
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
import=$here/../support/import_dag.py
mkdir -p "$work/home"
work=$(cd "$work" && pwd)

# Nobody's configuration.
export LC_ALL=C HOME="$work/home" GIT_CONFIG_NOSYSTEM=1
export GIT_CONFIG_GLOBAL=/dev/null

measure_memory=
if [ -x /usr/bin/time ]; then measure_memory=yes; fi

# timed TIMES MEMORY OUTPUT COMMAND...: appends microseconds and, where it
# can be measured, peak memory in KiB. The input goes on to the command.
timed() {
  times=$1 memory=$2 output=$3
  shift 3
  begin=$(date +%s%N)
  if [ -n "$measure_memory" ]; then
    /usr/bin/time -o "$memory.one" -f %M "$@" >"$output"
  else
    "$@" >"$output"
  fi
  end=$(date +%s%N)
  echo $(((end - begin) / 1000)) >>"$times"
  if [ -n "$measure_memory" ]; then cat "$memory.one" >>"$memory"; fi
}

median() { sort -n "$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# compare NAME REPO BAD GOOD START ARGUMENTS...: git in REPO against rebisect
# with ARGUMENTS and the command START.
compare() {
  name=$1 where=$2 to=$3 from=$4 start=$5
  shift 5
  rm -f "$work"/t.* "$work"/m.*
  round=0
  while [ "$round" -lt "$rounds" ]; do
    timed "$work/t.git" "$work/m.git" "$work/out.git" \
      git -C "$where" rev-list --bisect "$to" "^$from"
    turn=0
    while [ "$turn" -lt 5 ]; do
      printf '%s\n' "$start" |
        timed "$work/t.our" "$work/m.our" "$work/out.our" \
          "$rebisect" drive "$@"
      turn=$((turn + 1))
    done
    round=$((round + 1))
  done
  # The commit that git chose; its message holds the id in the DAG file,
  # where the repository was made from one.
  chosen=$(cat "$work/out.git")
  subject=$(git -C "$where" log -1 --format=%s "$chosen")
  if ! grep -q -e "\"next\": *\"$chosen\"" -e "\"next\": *\"$subject\"" \
    "$work/out.our"; then
    echo "$name: git chose $chosen ($subject), rebisect said:" >&2
    cat "$work/out.our" >&2
    failed=yes
    return
  fi
  memory=
  if [ -n "$measure_memory" ]; then
    memory=$(awk -v git="$(median "$work/m.git")" \
      -v our="$(median "$work/m.our")" 'BEGIN {
        printf "; peak %.0f MiB against %.0f MiB", our / 1024, git / 1024 }')
  fi
  awk -v name="$name" -v git="$(median "$work/t.git")" \
    -v our="$(median "$work/t.our")" -v memory="$memory" 'BEGIN {
      printf "%-28s git %9.1f ms, rebisect %7.1f ms: %6.0f times faster%s\n",
        name, git / 1000, our / 1000, git / our, memory }'
}

# The new id of the commit with this id in the DAG text.
imported() { git -C "$1" log --all --format='%H %s' |
  awk -v id="x$2" '"x" $2 == id { print $1; exit }'; }

# both NAME REPO BAD GOOD: with the commit-graph, and without it for both.
both() {
  compare "$1, commit-graph" "$2" "$3" "$4" "start $3 $4" --repo "$2"
  mv "$2/objects/info/commit-graph" "$work/aside"
  compare "$1, none" "$2" "$3" "$4" "start $3 $4" --repo "$2"
  mv "$work/aside" "$2/objects/info/commit-graph"
}

failed=
if [ -n "$shared" ] && [ -f "$shared/dags/make-repo.sh" ]; then
  repo=$work/git.git
  if [ ! -f "$repo/objects/info/commit-graph" ]; then
    rm -rf "$repo"
    sh "$shared/dags/make-repo.sh" "$repo"
  fi
  both 'git v1.0.0..v2.50.0' "$repo" \
    16bd9f20a403117f2e0d9bcda6c6e621d3763e77 \
    c2f3bf071ee90b01f2d629921bb04c4f798f02fa
  repo=$work/linux.git
  dag=$shared/dags/linux-2.6.38.dag.gz
  bad=521cb40b0c44418a4fd36dc633f575813d59a43d
  good=9ee1c939d1cb936b1f98e8d81aeffab57bae46ab
  if [ ! -f "$repo/objects/info/commit-graph" ]; then
    rm -rf "$repo"
    python3 -B "$import" "$dag" "$repo"
  fi
  compare 'Linux v2.6.12..v2.6.38, DAG' "$repo" "$(imported "$repo" "$bad")" \
    "$(imported "$repo" "$good")" "start $bad $good" --dag "$dag"
else
  echo 'REBISECT_SHARED is not set: a generated history' >&2
  repo=$work/generated.git
  dag=$work/generated.dag
  "$rebisect" graph generate kernel --commits 60000 --out "$dag"
  bad=$(awk '$2 == "refs/tags/bad" { print $1 }' "$dag")
  good=$(awk '$2 == "refs/tags/good" { print $1 }' "$dag")
  if [ ! -f "$repo/objects/info/commit-graph" ]; then
    rm -rf "$repo"
    python3 -B "$import" "$dag" "$repo"
  fi
  both 'generated' "$repo" "$(imported "$repo" "$bad")" \
    "$(imported "$repo" "$good")"
  compare 'generated, DAG' "$repo" "$(imported "$repo" "$bad")" \
    "$(imported "$repo" "$good")" "start $bad $good" --dag "$dag"
fi
[ -z "$failed" ]
