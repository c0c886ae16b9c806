#!/bin/sh
# What a service asks of rebisect: many recordings in one call.
#
#   services.sh REBISECT_BINARY [WORKDIR]
#
# Diagnoses RECORDINGS (1000) variations of the shipped recordings (other ids,
# the counts and runs are the same), and replays as many logs of `git bisect`,
# made by `rebisect drive` with verdicts drawn at random, on one graph. With
# REBISECT_SHARED that is Linux's history up to v2.6.38, else a generated one
# of 200,000 commits. Prints seconds and peak memory, with one thread and with
# all.
set -eu

rebisect=${1-}
work=${2-}
recordings=${RECORDINGS:-1000}
shared=${REBISECT_SHARED-}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)

if [ -z "$rebisect" ] || [ ! -x "$rebisect" ]; then
  echo 'usage: services.sh REBISECT_BINARY [WORKDIR]' >&2
  exit 2
fi
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
fi
rebisect=$(cd "$(dirname "$rebisect")" && pwd)/$(basename "$rebisect")
rm -rf "$work/varied" "$work/logs"
mkdir -p "$work/varied" "$work/logs"

if [ -n "$shared" ]; then
  set -- --dag "$shared/dags/linux-2.6.38.dag.gz" \
    --dag "$shared/dags/linux-2.6.38.refs"
  ends='v2.6.12 v2.6.14 v2.6.16 v2.6.18 v2.6.20 v2.6.22 v2.6.24 v2.6.26
    v2.6.28 v2.6.30 v2.6.32 v2.6.34 v2.6.36 v2.6.38'
else
  "$rebisect" graph generate kernel --commits 200000 --seed 1 \
    --out "$work/kernel.dag.gz"
  set -- --dag "$work/kernel.dag.gz"
  ends='good bad'
fi

python3 - "$root/scenarios/recorded" "$work/varied" "$recordings" <<'PYTHON'
import hashlib, pathlib, re, sys

source, into, count = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
texts = [(path.stem, path.read_text()) for path in sorted(source.glob("00*.yaml"))]
for i in range(count):
    stem, text = texts[i % len(texts)]
    salt = str(i)
    other = re.sub(r"\b[0-9a-f]{40}\b",
                   lambda id: hashlib.sha1((salt + id.group()).encode()).hexdigest(), text)
    (into / f"{i:05}-{stem}.yaml").write_text(other.replace(f"name: {stem}", f"name: {i:05}-{stem}"))
PYTHON

# Random verdicts are as good as any: the search stays consistent.
python3 - "$work/logs" "$recordings" "$ends" "$rebisect" "$@" <<'PYTHON'
import json, pathlib, random, subprocess, sys

into, count, ends = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3].split()
drive = subprocess.Popen([sys.argv[4], "drive", *sys.argv[5:]], text=True,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)

def ask(command):
    drive.stdin.write(command + "\n")
    drive.stdin.flush()
    return json.loads(drive.stdout.readline())

draw = random.Random(1)
for i in range(count):
    good, bad = sorted(draw.sample(range(len(ends)), 2))
    if draw.random() < .5: good = bad - 1
    answer = ask(f"start {ends[bad]} {ends[good]}")
    while answer["state"] in ("testing", "merge-base"):
        bad_here = answer["state"] == "testing" and draw.random() < .5
        answer = ask("bad" if bad_here else "good")
    assert answer["state"] == "found", answer
    (into / f"{i:05}.log").write_text(ask("log")["message"].rstrip("\n") + "\n")
    ask("reset")
drive.stdin.close()
drive.wait()
PYTHON

# timed NAME COMMAND...: seconds and peak memory.
timed() {
  name=$1
  shift
  code=0
  if [ -x /usr/bin/time ]; then
    /usr/bin/time -o "$work/time" -f '%e s, %M KiB' "$@" >"$work/out" || code=$?
  else
    begin=$(date +%s%N)
    "$@" >"$work/out" || code=$?
    end=$(date +%s%N)
    echo "$(((end - begin) / 1000000)) ms" >"$work/time"
  fi
  printf '%-34s %6d rows, exit %d: %s\n' "$name" \
    "$(wc -l <"$work/out")" "$code" "$(tail -n 1 "$work/time")"
}

all=$(nproc)
for threads in 1 "$all"; do
  timed "diagnose, $threads threads" "$rebisect" diagnose -j "$threads" \
    --table jsonl "$work/varied"
  cp "$work/out" "$work/diagnose.$threads"
  timed "replay git logs, $threads threads" "$rebisect" replay \
    -j "$threads" --table jsonl "$@" "$work/logs"
  cp "$work/out" "$work/replay.$threads"
done
for what in diagnose replay; do
  if ! cmp "$work/$what.1" "$work/$what.$all"; then
    echo "services: $what: rows depend on the number of threads" >&2
    exit 1
  fi
done
grep -c '"agrees":true' "$work/replay.1" |
  sed 's/$/ git logs replayed as they were/'
