#!/bin/sh
# A sweep as a job array of a real Slurm: one node, this machine, all in a folder that is gone at the end.
# slurm_test.sh PROGRAM. Exit status 77 where Slurm can't be started, with the reason.
set -eu
program="$1"

skip() {
  echo "Skipped: $1"
  exit 77
}
fail() {
  echo "Failed: $1"
  for log in "$place"/*.log "$place"/*/*.log; do
    [ -e "$log" ] || continue
    echo "--- $log"
    tail -n 30 "$log"
  done
  exit 1
}
# wait_for SECONDS COMMAND...: until it succeeds
wait_for() {
  left=$(($1 * 10))
  shift
  until "$@" > /dev/null 2>&1; do
    [ "$left" -gt 0 ] || return 1
    left=$((left - 1))
    sleep 0.1
  done
}

[ "$(id -u)" -eq 0 ] || skip "Slurm's daemons need root"
for command in munged slurmctld slurmd sbatch; do
  command -v "$command" > /dev/null || skip "$command is not installed (scripts/setup test)"
done

place=$(mktemp -d /tmp/entrepot-slurm.XXXXXX)
daemons=""
clean_up() {
  status=$?
  trap - EXIT
  if [ -n "$daemons" ]; then
    scancel --user=root > /dev/null 2>&1 || true
    wait_for 20 none_queued || true
    kill $daemons 2> /dev/null || true
    wait $daemons 2> /dev/null || true
  fi
  rm -rf "$place"
  exit "$status"
}
none_queued() { queue=$(squeue -h) && [ -z "$queue" ]; }
trap clean_up EXIT
trap 'exit 1' INT TERM
chmod 755 "$place"
mkdir "$place/state" "$place/spool" "$place/run" "$place/work"

# ---- One node ----
node=$(hostname -s)
# Two ports that nobody listens on, below those that the system gives out to connections.
is_taken() { grep -qi ":$(printf %04X "$1") " /proc/net/tcp /proc/net/tcp6 2> /dev/null; }
port=$((10000 + $$ % 20000))
while is_taken "$port" || is_taken $((port + 1)); do port=$((port + 2)); done
export SLURM_CONF="$place/slurm.conf"
cat > "$SLURM_CONF" << END
ClusterName=test
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$place/run/munge.socket,cred_expire=5
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool
SlurmctldPidFile=$place/run/slurmctld.pid
SlurmdPidFile=$place/run/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerParameters=sched_interval=1
ReturnToService=2
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=test Nodes=$node Default=YES MaxTime=INFINITE State=UP
END
dd if=/dev/urandom of="$place/run/key" bs=1024 count=1 2> /dev/null
chmod 400 "$place/run/key"
munged --foreground --force --key-file="$place/run/key" --socket="$place/run/munge.socket" \
  --pid-file="$place/run/munged.pid" --seed-file="$place/run/seed" > "$place/munged.log" 2>&1 &
daemons="$!"
wait_for 10 test -S "$place/run/munge.socket" || fail "munged did not start"
slurmctld -D -f "$SLURM_CONF" > "$place/slurmctld.log" 2>&1 &
daemons="$! $daemons"
slurmd -D -f "$SLURM_CONF" > "$place/slurmd.log" 2>&1 &
daemons="$! $daemons"
node_is_idle() { [ "$(sinfo -h -o %T)" = idle ]; }
wait_for 60 node_is_idle || fail "the node did not come up"

# ---- A study whose rows are solved one by one ----
cd "$place/work"
"$program" baseline aggregate cp2015-nafta --output small --countries "REST=ARG,AUS,AUT,BRA,CHL,CHN,DNK,FIN,FRA,DEU,\
GRC,HUN,IND,IDN,IRL,ITA,JPN,KOR,NLD,NZL,NOR,PRT,ZAF,ESP,SWE,TUR,GBR,ROW" > aggregate.log
cat > small.toml << END
baseline = "small"
[[policy]]
name = "duties"
instrument = "tariff"
importers = ["USA"]
exporters = ["MEX", "CAN"]
action = "add"
rate = 0.1
END
cat > study.toml << END
scenario = "small.toml"
measures = ["welfare"]
[sample]
draws = 1500
[[vary]]
path = "policy.duties.rate"
distribution = "uniform"
low = 0
high = 0.5
[[vary]]
path = "reference.closure"
values = ["fixed", "balanced"]
END
"$program" sweep study.toml --output whole.h5 --quiet || fail "the sweep itself"

# ---- As jobs, one of which is warned that its time is up ----
jobs=$("$program" slurm study.toml --output jobs.h5 --shards 3 --time 10 --submit) || fail "nothing was submitted"
array=$(echo "$jobs" | head -n 1)
keeps_rows() { [ "$(stat -c %s jobs.parts/shard-1-of-3.journal)" -gt 1000 ]; }
wait_for 60 keeps_rows || fail "the first part does nothing"
scancel --signal=USR1 --batch "${array}_1"
wait_for 60 grep -q "queueing again" jobs.slurm-1.log || fail "the warning had no effect"
[ ! -e jobs.h5 ] || fail "the file was there before all parts were done"
wait_for 240 none_queued || fail "the jobs did not end"

cmp whole.h5 jobs.h5 || fail "the jobs' file is another"
[ ! -e jobs.parts ] || fail "the rows of the parts were left behind"
[ ! -e jobs.shard-1-of-3.h5 ] || fail "the shards were left behind"
grep -q "Part 2 of 3 is done\|Written to jobs.h5" jobs.slurm-2.log || fail "the second part says nothing"
grep -q "Written to jobs.h5, from 3 shards" jobs.slurm.log || fail "the last job says nothing"
echo "1 passed, 0 failed"
