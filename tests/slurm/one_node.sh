#!/bin/sh
# Runs an experiment as a job array on a Slurm of one node, on this machine;
# kills one of its tasks in the middle, has it requeued, and compares what the
# merged parts give with a run of one process, byte for byte.
#
#   one_node.sh [REBISECT_BINARY]
#
# The binary may also come from $REBISECT. To be run as root, on Debian with
#   apt-get install slurm-wlm munge
# Everything is in a temporary folder, with ports of its own; munged, slurmctld
# and slurmd are stopped at the end, whatever happens. Slurm that is running
# already is left alone.
set -eu

rebisect=${1:-${REBISECT-}}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
script=$here/../../scenarios/slurm/simulate.sbatch
parts=4

say() { printf '%s\n' "one_node.sh: $*"; }
die() {
  say "error: $*" >&2
  exit 1
}

if [ -z "$rebisect" ] || [ ! -x "$rebisect" ]; then
  echo 'usage: one_node.sh REBISECT_BINARY' >&2
  exit 2
fi
rebisect=$(readlink -f -- "$rebisect")
for program in slurmctld slurmd munged sbatch squeue scontrol; do
  command -v "$program" >/dev/null && continue
  echo "one_node.sh: $program is missing; as root: apt-get install" \
    'slurm-wlm munge' >&2
  exit 2
done
if [ "$(id -u)" != 0 ]; then
  echo 'one_node.sh: slurmd has to be started by root' >&2
  exit 2
fi

work=$(mktemp -d)
chmod 755 "$work"
daemons=
stop() {
  for pid in $daemons; do kill "$pid" 2>/dev/null || true; done
  for pid in $daemons; do
    turn=0
    while kill -0 "$pid" 2>/dev/null; do
      turn=$((turn + 1))
      if [ "$turn" -gt 50 ]; then kill -9 "$pid" 2>/dev/null || true; fi
      if [ "$turn" -gt 100 ]; then break; fi
      sleep .1
    done
  done
}
end() {
  status=$?
  trap - EXIT
  if [ "$status" != 0 ]; then
    # What may be left of the jobs goes first: slurmd does not wait for it.
    scancel --state=RUNNING,PENDING 2>/dev/null || true
    for log in "$work"/*.log; do
      if [ -s "$log" ]; then
        echo "== ${log##*/}" >&2
        tail -n 20 "$log" >&2
      fi
    done
  fi
  stop
  rm -rf "$work"
  exit "$status"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
  tries=$(($1 * 10)) what=$2
  shift 2
  while ! "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then die "$what: waited in vain"; fi
    sleep .1
  done
}

# A port from 20,000 on that nobody listens at.
free_port() {
  port=$1
  while grep -qi ":$(printf %04X "$port") 0\{8\}:0000 0A" /proc/net/tcp; do
    port=$((port + 1))
  done
  echo "$port"
}

## The Slurm of one node.

host=$(hostname -s 2>/dev/null || uname -n)
control_port=$(free_port 26817)
node_port=$(free_port $((control_port + 1)))
processors=$(nproc)
mkdir -p "$work/state" "$work/spool" "$work/munge"

dd if=/dev/urandom bs=1024 count=1 2>/dev/null >"$work/munge/key"
chmod 700 "$work/munge"
chmod 400 "$work/munge/key"
munge_socket=$work/munge.socket
# --force: the folder above ours may be written by everyone, as /tmp is.
munged --foreground --force --key-file="$work/munge/key" \
  --socket="$munge_socket" --pid-file="$work/munge/pid" \
  --seed-file="$work/munge/seed" --log-file="$work/munge.log" \
  >"$work/munged.log" 2>&1 &
daemons="$daemons $!"

cat >"$work/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$control_port
SlurmdPort=$node_port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$munge_socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SwitchType=switch/none
JobRequeue=1
ReturnToService=2
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1
MinJobAge=600
KillWait=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$processors State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
# slurmd looks for cgroups even where it makes none; not for systemd's.
printf 'CgroupPlugin=cgroup/v1\n' >"$work/cgroup.conf"
export SLURM_CONF="$work/slurm.conf"

wait_for 10 munged test -S "$munge_socket"
slurmctld -D -f "$SLURM_CONF" >"$work/control.log" 2>&1 &
daemons="$! $daemons"
wait_for 20 slurmctld scontrol ping
slurmd -D -f "$SLURM_CONF" -N "$host" >"$work/node.log" 2>&1 &
daemons="$! $daemons"
is_idle() { [ "$(sinfo -h -o %T)" = idle ]; }
wait_for 30 'an idle node' is_idle
say "a node with $processors processors is up"

## The experiment, by one process and as an array.

cat >"$work/experiment.yaml" <<'YAML'
rebisect: experiment/1
name: array
trials: 40000
block-trials: 25
graphs: {generate: kernel, commits: 300, seed: 3}
truths: [every, none]
noise: {false-bad: 0.05, false-good: 0.02}
select: [git, random, facf, "noisy-binary:error=0.05"]
YAML

cd "$work"
begin=$(date +%s)
"$rebisect" simulate experiment.yaml --store one.sqlite >/dev/null 2>one.log
say "one process: $(($(date +%s) - begin)) s"
"$rebisect" results export one.sqlite --format json >one.json

export REBISECT="$rebisect"
job=$(sbatch --parsable --array="1-$parts" "$script" experiment.yaml)
say "job $job: $parts tasks"

# The second task is killed once something of it is stored, and not all.
victim=parts/part-2.sqlite
stored() {
  "$rebisect" results list "$victim" 2>/dev/null |
    grep -q '[1-9][0-9]* of [0-9]* blocks'
}
# Those of ours that have its store in their command line.
processes() {
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/exe")" = "$rebisect" ] || continue
    if tr '\0' '\n' <"$process/cmdline" | grep -qx "$victim"; then
      echo "${process#/proc/}"
    fi
  done 2>/dev/null
}
begun() { [ -s "$victim" ] && stored && [ -n "$(processes)" ]; }
wait_for 120 'a task that stores something' begun
# shellcheck disable=SC2046 # process ids
kill -9 $(processes)
say "task ${job}_2 was killed, with $("$rebisect" results list "$victim" |
  grep -o '[0-9]* of [0-9]* blocks' | head -n 1)"
failed() { squeue -h -t all -o '%T %K' -j "$job" | grep -q '^FAILED 2$'; }
wait_for 30 'the end of the killed task' failed
scontrol requeue "${job}_2"

state_of() { squeue -h -r -t all -o %T -j "$job" | sort | uniq -c | xargs; }
all_done() { [ "$(state_of)" = "$parts COMPLETED" ]; }
wait_for 300 'the end of all tasks' all_done
restarts=$(scontrol show job "${job}_2" | grep -o 'Restarts=[0-9]*')
say "all tasks are complete; of the killed one: $restarts"
[ "$restarts" = Restarts=1 ] || die 'the killed task was not requeued'

## Together they are what one process made.

"$rebisect" results merge all.sqlite parts/part-*.sqlite
"$rebisect" results export all.sqlite --format json >all.json
cmp one.json all.json || die 'the merged parts differ from the one process'
say "the merged parts equal the results of one process: $(sha256sum <all.json)"
