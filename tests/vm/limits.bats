# In the machine of tests/vm/run, as the user dev, who has a systemd of his own.
bats_require_minimum_version 1.5.0

setup_file() {
  export PATH=/payload:$PATH

  sbx pull -q oci:/payload/images:bb
}

# box [OPTION...] -- SCRIPT: in a container of busybox.
box() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  sbx run -q --rm "${options[@]}" oci:/payload/images:bb sh -c "$2"
}

@test "a limit is had by a scope of the user's systemd" {
  run -0 box --pids-limit 50 -- 'cat /proc/self/cgroup'
  [[ $output == *0::/* ]]
  run -0 box --pids-limit 50 --cgroupns host -- 'cat /proc/self/cgroup'
  [[ $output == */user@1000.service/user.slice/sbx-*.scope/container ]]
}

@test "doctor names who hands out the limits, and which there are" {
  run sbx doctor
  [[ $output == *'version 2, from systemd: '* ]]
  [[ $output == *memory* && $output == *pids* ]]
}

@test "no cgroup is made where none is asked for" {
  run -0 box --cgroupns host -- 'cat /proc/self/cgroup'
  [[ $output != *sbx-* ]]
}

@test "the limit of memory bites, and that is told" {
  run -137 sbx run --name oom -m 32m --memory-swap 32m oci:/payload/images:bb \
    sh -c 'tail -c 200m /dev/zero | tail; exit 137'
  run -0 sbx inspect --format '{{.State.OOMKilled}}' oom
  [ "$output" = true ]
  sbx rm oom
}

@test "a fork bomb is stopped by its limit, and the user can still fork" {
  run -0 box --pids-limit 20 -- \
    '(n=0; while [ $n -lt 40 ]; do sleep 3 & n=$((n+1)); done) 2>/tmp/e; grep -c fork /tmp/e'
  [ "$output" -gt 0 ]
  run -0 true
}

@test "CPU time is limited" {
  run -0 box --cpus 0.5 -- 'cat /sys/fs/cgroup/cpu.max'
  [ "$output" = '50000 100000' ]
  run -0 box --cpu-shares 1024 -- 'cat /sys/fs/cgroup/cpu.weight'
  [ "$output" = 100 ]
}

@test "a container that runs gets other limits" {
  sbx run --name upd --pids-limit 50 oci:/payload/images:bb sh -c \
    'until grep -q 60 /sys/fs/cgroup/pids.max; do sleep 0.2; done; echo changed' \
    >"$BATS_TEST_TMPDIR/out" &
  local sbx_pid=$! i
  for i in $(seq 100); do
    [ "$(sbx inspect --format '{{.State.Running}}' upd 2>/dev/null)" = true ] && break
    sleep 0.2
  done
  run -0 sbx update --pids-limit 60 upd
  wait "$sbx_pid"
  grep -q changed "$BATS_TEST_TMPDIR/out"
  sbx rm upd
}

# A container "box" that sleeps, with these limits; file FILE... shows what its cgroup has there.
limited() {
  sbx run --name box "$@" oci:/payload/images:bb sleep 600 &
  BOX=$!
  local i
  for i in $(seq 100); do
    [ "$(sbx inspect --format '{{.State.Running}}' box 2>/dev/null)" = true ] && return
    sleep 0.2
  done
  false
}

file() { sbx exec box cat "${@/#//sys/fs/cgroup/}"; }

end_box() {
  kill -KILL "$BOX"
  wait "$BOX" || true
  sbx rm -f box
}

@test "limits of what runs are lifted" {
  limited -m 100m --memory-reservation 10m --cpu-quota 50000 --cpu-shares 512 --pids-limit 50 \
    --device-read-bps /dev/vda:1m
  run -0 file memory.max memory.swap.max memory.low cpu.max cpu.weight pids.max io.max
  [[ $output == $'104857600\n104857600\n10485760\n50000 100000\n'* && $output == *rbps=1048576* ]]
  run -0 sbx update -m 0 --memory-reservation 0 --cpu-quota 0 --cpu-shares 0 --pids-limit -1 \
    --device-read-bps /dev/vda:0 box
  run -0 file memory.max memory.swap.max memory.low cpu.max cpu.weight pids.max io.max
  [ "$output" = $'max\nmax\n0\nmax 100000\n100\nmax' ]
  end_box
}

@test "limits that cannot all be had leave those that were" {
  limited -m 100m --pids-limit 50
  run -125 sbx update -m 200m --cpuset-cpus 4095 --pids-limit 60 box
  [[ $output == *cpuset.cpus* ]]
  run -0 file memory.max memory.swap.max pids.max
  [ "$output" = $'104857600\n104857600\n50' ]
  run -0 sbx inspect --format '{{.HostConfig.Memory}} {{.HostConfig.CpusetCpus}}' box
  [ "$output" = '104857600 ' ]
  end_box
}

@test "what runs without a cgroup is told that there is none to lift from" {
  limited
  run -0 sbx update --pids-limit -1 box
  run -125 sbx update --pids-limit 50 box
  [[ $output == *'without a cgroup'* ]]
  end_box
}

@test "nothing is left of the scopes" {
  local i
  for i in $(seq 50); do
    [ -z "$(systemctl --user list-units --no-legend 'sbx-*')" ] && return
    sleep 0.2
  done
  false
}
