#!/bin/sh
# What policy experiments have to be able to do, measured in one run: a figure
# a line, with its target beside it where there is one.
#
#   experiments.sh BUILD_FOLDER [WORKDIR]
#
# BUILD_FOLDER is that of a release build (build/release) with the targets
# rebisect, benchmarks and simulate_attack_test. What is made in WORKDIR is
# kept for the next run. The histories of git and Linux come from the folder
# that REBISECT_SHARED names; without it their lines are left out. python3 with
# numpy and scipy (Debian: python3-numpy python3-scipy) runs the restated rule
# of git_bayesect. CULPRITS (2000) are checked against sessions, and RUNS (50)
# against `git bisect run`. Times are of the processor, but for those that say
# so: best on a machine that does nothing else. Exit code 1 when something is
# wrong; a target that is missed is only marked with `!`.
set -eu

build=${1-}
work=${2-}
shared=${REBISECT_SHARED-}
culprits=${CULPRITS:-2000}
runs=${RUNS:-50}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

if [ -z "$build" ] || [ ! -x "$build/harness/rebisect" ]; then
  echo 'usage: experiments.sh BUILD_FOLDER [WORKDIR]' >&2
  exit 2
fi
build=$(CDPATH='' cd -- "$build" && pwd)
rebisect=$build/harness/rebisect
bench=$build/tests/bench
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
fi
mkdir -p "$work"
work=$(cd "$work" && pwd)

# Debian's, where another one lies before it.
python=
for one in python3 /usr/bin/python3; do
  if "$one" -c '' 2>/dev/null; then python=${python:-$one}; fi
  if "$one" -c 'import numpy, scipy' 2>/dev/null; then
    python=$one
    break
  fi
done
if [ -z "$python" ]; then
  echo 'experiments.sh: python3 is missing; it reads the figures' >&2
  exit 2
fi

failed=
section() { printf '\n== %s\n' "$*"; }
line() { printf '%-58s %s\n' "$1" "$2"; }
fail() {
  line "$1" "FAILED"
  failed=yes
}

# measured FILE FILTER PROGRAM: benchmarks, once a run, as JSON.
measured() {
  "$3" --benchmark_filter="$2" --benchmark_out="$1" \
    --benchmark_out_format=json >"$work/console" 2>&1 ||
    { cat "$work/console"; fail "${3##*/}"; }
}

# figure FILE BENCHMARK TEXT [KEY SCALE FORMAT [OP TARGET]]...: a line of
# figures of one benchmark; OP is <= or >= or = (within .0015).
figure() {
  "$python" - "$@" <<'PYTHON'
import json, sys
path, name, text = sys.argv[1:4]
with open(path) as file:
    found = [b for b in json.load(file)["benchmarks"] if b["name"] == name]
if not found:
    sys.exit(0)
words, parts = sys.argv[4:], []
while words:
    key, scale, form = words[0], float(words[1]), words[2]
    value = found[0][key] * scale
    part = form % value
    words = words[3:]
    if words and words[0] in ("<=", ">=", "="):
        target = float(words[1])
        holds = {"<=": value <= target, ">=": value >= target,
                 "=": abs(value - target) <= 0.0015}[words[0]]
        part += " (target %s%s)%s" % (words[0], words[1], "" if holds else " !")
        words = words[2:]
    parts.append(part)
print("%-58s %s" % (text, ", ".join(parts).replace(",  ", " ")))
PYTHON
}

# seconds OUTPUT COMMAND...: the time of a command, on the clock and of the
# processors.
seconds() {
  "$python" - "$@" <<'PYTHON'
import resource, subprocess, sys, time
begin = time.monotonic()
with open(sys.argv[1], "w") as output:
    ended = subprocess.run(sys.argv[2:], stdout=output, stderr=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.2f %.2f" % (time.monotonic() - begin, used.ru_utime + used.ru_stime))
if ended.returncode != 0:
    sys.stderr.buffer.write(ended.stderr)
sys.exit(ended.returncode)
PYTHON
}

# peak TEXT TARGET_MIB EXPERIMENT: time on the clock and peak memory of a whole
# process that evaluates it.
peak() {
  if [ ! -x /usr/bin/time ]; then
    line "$1" 'not measured: /usr/bin/time is missing'
    return
  fi
  if /usr/bin/time -o "$work/peak" -f '%M %e' "$rebisect" simulate "$3" -j 1 \
    >"$work/shown" 2>"$work/errors"; then
    awk -v text="$1" -v most="$2" '{ printf "%-58s %.0f MiB", text, $1 / 1024
      if (most) printf " (target <=%d)%s", most, ($1 / 1024 <= most) ? "" : " !"
      printf ", %.2f s on the clock, loading included\n", $2 }' "$work/peak"
  else
    cat "$work/errors"
    fail "$1"
  fi
}

# experiment FILE GRAPH SELECT [LINE...]
experiment() {
  file=$1 graph=$2 select=$3
  shift 3
  {
    echo 'rebisect: experiment/1'
    printf 'graphs: %s\nselect: "%s"\n' "$graph" "$select"
    printf '%s\n' "$@"
  } >"$file"
}

repo=
if [ -n "$shared" ] && [ -f "$shared/dags/make-repo.sh" ]; then
  repo=$work/git.git
  if [ ! -f "$repo/objects/info/commit-graph" ]; then
    rm -rf "$repo"
    sh "$shared/dags/make-repo.sh" "$repo"
  fi
  git_range="{repository: $repo, range: v1.0.0..v2.50.0}"
  short_range="{repository: $repo, range: v2.20.0..v2.40.0}"
  linux_bad=521cb40b0c44418a4fd36dc633f575813d59a43d
  linux_good=9ee1c939d1cb936b1f98e8d81aeffab57bae46ab
  linux_range="{dag: $shared/dags/linux-2.6.38.dag.gz, range: \
$linux_good..$linux_bad}"
else
  echo 'REBISECT_SHARED is not set: generated histories alone' >&2
  git_range='{generate: git, commits: 74373}'
  short_range='{generate: git, commits: 15414}'
fi
sure='noise: {false-bad: 0, false-good: 0}'
printf '%s; %s processors, load %s\n' "$(uname -m)" "$(nproc)" \
  "$(cut -d' ' -f1-3 /proc/loadavg)"

section 'All culprits exactly, after loading'
measured "$work/tree.json" '^(BestTree|GitTree|Sample|SampleTenRuns)/' \
  "$bench/tree_bench"
figure "$work/tree.json" BestTree/git 'best, git v1.0.0..v2.50.0 (74,373)' \
  cpu_time 1 '%.1f ms' '<=' 50 mean 1 'mean %.4f tests' = 16.263 \
  worst 1 'worst %d' '<=' 19
figure "$work/tree.json" BestTree/linux 'best, Linux v2.6.12..38 (232,305)' \
  cpu_time 1 '%.1f ms' '<=' 120 mean 1 'mean %.4f tests' = 17.913 \
  worst 1 'worst %d' '<=' 39
figure "$work/tree.json" BestTree/generated 'best, generated (74,999)' \
  cpu_time 1 '%.1f ms' mean 1 'mean %.4f tests' worst 1 'worst %d'
for graph in git linux generated; do
  # shellcheck disable=SC2046 # two words or none
  figure "$work/tree.json" "GitTree/$graph" "git, the same, $graph" \
    cpu_time 1 '%.0f ms' $([ $graph = git ] && echo '<= 500') \
    fell_back 100 '%.4f%% of nodes fell back' mean 1 'mean %.4f tests' \
    worst 1 'worst %d' unlike 1 '%d culprits unlike'
done
for policy in best git; do
  experiment "$work/e.yaml" "$git_range" $policy 'trials: 0' 'exact: true' \
    "$sure"
  peak "$policy, 74,373 culprits, the whole process" 128 "$work/e.yaml"
  if [ -n "$repo" ]; then
    experiment "$work/e.yaml" "$linux_range" $policy 'trials: 0' 'exact: true' \
      "$sure"
    peak "$policy, Linux, the whole process (no target)" '' "$work/e.yaml"
  fi
done
"$bench/git_tree_check" "$culprits" || fail "git's tree against sessions"

section 'Sampled trials on the tree of best, one core'
for graph in git generated; do
  figure "$work/tree.json" "Sample/few/$graph" "errors .4% / .01%, $graph" \
    items_per_second 1e-6 '%.1f million a second' '>=' 10
  figure "$work/tree.json" "Sample/many/$graph" "errors 8.6% / 4.6%, $graph" \
    items_per_second 1e-6 '%.1f million a second' '>=' 3
  figure "$work/tree.json" "SampleTenRuns/$graph" "ten draws a test, $graph" \
    items_per_second 1e-6 '%.1f million a second' '>=' 2
done
experiment "$work/e.yaml" "$git_range" best 'trials: 0' 'exact: true' \
  'noise: {false-bad: 0.086, false-good: 0.046}'
sed 's/^trials: 0/trials: 40000000/; s/^exact: true//' "$work/e.yaml" \
  >"$work/many.yaml"
sed 's/^trials: 0/trials: 1/; s/^exact: true//' "$work/e.yaml" >"$work/one.yaml"
# Without what loading and the tree take.
empty=$(seconds "$work/out.0" "$rebisect" simulate "$work/one.yaml" -j 1)
one=$(seconds "$work/out.1" "$rebisect" simulate "$work/many.yaml" -j 1)
two=$(seconds "$work/out.2" "$rebisect" simulate "$work/many.yaml" -j 2)
line 'simulate, 40 million trials, 8.6% / 4.6%, on the clock' "$(
  echo "$empty $one $two" | awk '{
    speed = ($3 - $1) / ($5 - $1)
    printf "1 thread %.2f s, 2 threads %.2f s: ", $3 - $1, $5 - $1
    printf "%.2f times (target >=1.8)%s; ", speed, (speed >= 1.8) ? "" : " !"
    printf "of the processors %.2f and %.2f s", $4 - $2, $6 - $2 }'
)"
if cmp -s "$work/out.1" "$work/out.2"; then
  line 'the same results with both' yes
else
  fail 'the same results with both'
fi

section 'Policies that take no verdict for right'
measured "$work/policy.json" \
  '^Step/(bayes-entropy|bayes-entropy-rates|facf|noisy-binary|pba)/(git.*|generated)$|^Calibrate/' \
  "$bench/policy_bench"
for policy in bayes-entropy bayes-entropy-rates facf noisy-binary pba; do
  for graph in git-2.20-2.40 git generated; do
    most=3
    [ "$graph" = git-2.20-2.40 ] && most=1
    figure "$work/policy.json" "Step/$policy/$graph" \
      "a step of $policy, $graph" suspects 1 '%d suspects' \
      cpu_time .001 '%.3f ms' '<=' "$most"
  done
done
for policy in bayes-entropy facf noisy-binary; do
  experiment "$work/e.yaml" "$short_range" $policy 'trials: 500' \
    'noise: {false-bad: 0.1, false-good: 0.1}'
  took=$(seconds "$work/out" "$rebisect" simulate "$work/e.yaml" -j 1)
  line "500 trials of $policy on 15,414, one core, on the clock" \
    "${took%% *} s (target <=60)$(echo "$took" | awk '$1 > 60 { print " !" }')"
done

section "git_bayesect's rule on a line of 1,000, and the calibrations"
if "$python" -c 'import numpy, scipy' 2>/dev/null; then
  "$bench/bayes_line" 1000 50 300 >"$work/bayes"
  # One thread for numpy, as for ours.
  OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
    "$python" "$here/bayes_line.py" 1000 <"$work/bayes" ||
    fail 'the choices of the rule'
  echo '  (a restatement of the rule in vectors; target: the same, >=50 times;'
  echo '  git_bayesect itself was measured at 600 us a step)'
else
  line "git_bayesect's rule" 'left out: python3-numpy, python3-scipy'
fi
calibration() {
  figure "$work/policy.json" "Calibrate/$1/iterations:1" "$2" \
    right 1 'right %.3f' right_low 1 ' (%.3f to' right_high 1 ' %.3f)' \
    tests 1 '%.1f tests' tests_error 1.96 ' -+ %.1f' tests_p50 1 'median %d' \
    tests_p95 1 'p95 %d'
}
echo 'Errors of .2 on both sides; git_bayesect: .969, 59.6 at 128'
calibration 'bayes-entropy/128' 'bayes-entropy, 128, stop .95'
calibration 'bayes-entropy, its defaults/128' 'the same with its defaults'
calibration 'bayes-entropy/1000' 'bayes-entropy, 1,000 (theirs: .960, 77.7)'
echo 'robust-binary-search at 1,000: .983, 47.2; noise known 1.000, 48.8'
calibration 'noisy-binary, estimated/1000' 'noisy-binary, estimated'
calibration 'noisy-binary, known/1000' 'noisy-binary, known'
calibration 'bayes-entropy, known, .99/1000' 'bayes-entropy, known, stop .99'
calibration 'bayes-entropy, known, .998/1000' 'bayes-entropy, known, stop .998'
calibration 'pba, .99/1000' 'pba, stop .99'

section 'A real git bisect run, on the clock'
if [ -n "$repo" ]; then
  "$here/bisect_run.sh" "$rebisect" "$repo" "$runs" || fail 'git bisect run'
else
  line 'git bisect run' 'left out: REBISECT_SHARED is not set'
fi

section 'Kills, interruptions, full disks'
attack=$build/tests/e2e/simulate_attack_test
if [ -x "$attack" ]; then
  if "$attack" >"$work/attack" 2>&1; then :; else
    cat "$work/attack"
    fail simulate_attack_test
  fi
  sed -n 's/^\[ *\(OK\|SKIPPED\|FAILED\) *\] SimulateAttackTest\.\([A-Za-z]*\) (\(.*\))$/\2 \1 \3/p' \
    "$work/attack" | while read -r name result took; do
    line "$name" "$result, $took"
  done
else
  line simulate_attack_test 'left out: not built'
fi
[ -z "$failed" ]
