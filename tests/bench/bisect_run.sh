#!/bin/sh
# A real `git bisect run` against rebisect: for culprits evenly spread over
# v2.20.0..v2.40.0 of git's own history both have to test the same commits, and
# name the same culprit; prints how long each took. Exit code 1 if any differs.
#
#   bisect_run.sh REBISECT_BINARY REPOSITORY [CULPRITS [GOOD BAD]]
#
# 50 culprits by default. REPOSITORY needs no trees or blobs, and is not
# written to. git's time is that of `git bisect start` and `git bisect run`
# with a program that asks `git merge-base --is-ancestor`; rebisect's that of
# `rebisect drive`, a process for each culprit that loads the repository, with
# the verdicts on its standard input.
set -eu

if [ $# -lt 2 ] || [ ! -x "$1" ]; then
  echo 'usage: bisect_run.sh REBISECT_BINARY REPOSITORY' \
    '[CULPRITS [GOOD BAD]]' >&2
  exit 2
fi
rebisect=$1 repository=$2 culprits=${3:-50} good=${4:-v2.20.0} bad=${5:-v2.40.0}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# Nobody's configuration.
export LC_ALL=C HOME="$work" GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null

# A bisection writes refs and files: into a clone that borrows the objects.
git clone -q --bare --shared "$repository" "$work/clone.git"
cd "$work/clone.git"
good=$(git rev-parse --verify "$good^{commit}")
bad=$(git rev-parse --verify "$bad^{commit}")
# With a commit-graph file if there is one, as `drive` is told to.
graph=
if git rev-parse --git-path objects/info >/dev/null &&
  [ -f "$(cat objects/info/alternates)/info/commit-graph" ]; then
  graph=--git-commit-graph
fi
version=$(git --version | sed 's/^git version \([0-9.]*[0-9]\).*/\1/')

cat >"$work/run" <<'RUN'
#!/bin/sh
# Bad: the culprit is an ancestor, or it itself.
git merge-base --is-ancestor "$CULPRIT" BISECT_HEAD
case $? in
  0) exit 1 ;;
  1) exit 0 ;;
  *) exit 128 ;;
esac
RUN
chmod +x "$work/run"

now() { date +%s%N; }

git rev-list --topo-order "$good..$bad" >"$work/suspects"
count=$(wc -l <"$work/suspects")
awk -v n="$count" -v k="$culprits" 'BEGIN { if (k > n) k = n }
  NR == int(next_one * n / k) + 1 && next_one < k { print; ++next_one }' \
  "$work/suspects" >"$work/culprits"

git_us=0 our_us=0 number=0 tests=0 differ=0
while read -r culprit; do
  number=$((number + 1))
  begin=$(now)
  git bisect start --no-checkout "$bad" "$good" >"$work/said" 2>&1
  CULPRIT=$culprit git bisect run "$work/run" >>"$work/said" 2>&1 || true
  git_us=$((git_us + ($(now) - begin) / 1000))
  git bisect log >"$work/log"
  # What was tested, in order, with its verdict; then the culprit.
  {
    sed -n 's/^git bisect \(good\|bad\) \([0-9a-f]*\)$/\1 \2/p' "$work/log"
    # Without trees git dies as it shows the culprit: it is what is left.
    git rev-list refs/bisect/bad --not --glob='refs/bisect/good-*' |
      sed 's/^/culprit /'
  } >"$work/git.steps"
  git bisect reset >/dev/null 2>&1

  {
    echo "start $bad $good"
    sed -n 's/^\(good\|bad\) .*/\1/p' "$work/git.steps"
  } >"$work/commands"
  begin=$(now)
  # shellcheck disable=SC2086 # an option or none
  "$rebisect" drive --repo . --git-version "$version" $graph \
    <"$work/commands" >"$work/answers"
  our_us=$((our_us + ($(now) - begin) / 1000))
  # The answers, each with the verdict that came after it.
  sed -n -e 's/.*"state": *"found".*"culprit": *"\([0-9a-f]*\)".*/culprit \1/p' \
    -e 's/.*"state": *"found",.*/culprit ?/p' \
    -e 's/.*"next": *"\([0-9a-f]*\)".*/next \1/p' "$work/answers" |
    uniq | awk -v verdicts="$work/commands" '
      BEGIN { getline <verdicts }
      $1 == "next" { getline verdict <verdicts; print verdict, $2; next }
      { print }' >"$work/our.steps"
  tests=$((tests + $(grep -c -v '^culprit' "$work/git.steps")))
  if ! cmp -s "$work/git.steps" "$work/our.steps" ||
    [ "$(tail -n 1 "$work/git.steps")" != "culprit $culprit" ]; then
    differ=$((differ + 1))
    echo "culprit $culprit: git and rebisect (right) differ:" >&2
    diff -y -W 110 "$work/git.steps" "$work/our.steps" | head -n 30 >&2 || true
  fi
done <"$work/culprits"

awk -v n="$number" -v tests="$tests" -v differ="$differ" -v suspects="$count" \
  -v git="$git_us" -v our="$our_us" -v version="$version" 'BEGIN {
    printf "%d culprits of %d suspects, %d tests: ", n, suspects, tests
    if (differ == 0) printf "the same tests and culprits\n"
    else printf "%d bisections DIFFER\n", differ
    printf "git %s bisect run %.2f s each, rebisect drive %.3f s each: ",
      version, git / n / 1e6, our / n / 1e6
    printf "%.0f times faster\n", git / our }'
[ "$differ" -eq 0 ]
