# In the machine of tests/vm/run, as the user dev, who has a systemd of his own.
bats_require_minimum_version 1.5.0

setup_file() {
  export PATH=/payload:$PATH HOME=/home/dev
  sbx run --rm oci:/payload/images:bb true
}

# box [OPTION...] -- SCRIPT: in a container of busybox.
box() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  sbx run --rm "${options[@]}" oci:/payload/images:bb sh -c "$2"
}

@test "a limit is had by a scope of the user's systemd" {
  run -0 box --pids-limit 50 -- 'cat /proc/self/cgroup'
  [[ $output == *0::/* ]]
  run -0 box --pids-limit 50 --cgroupns host -- 'cat /proc/self/cgroup'
  [[ $output == */user@1000.service/user.slice/sbx-*.scope/container ]]
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
  run -0 box --pids-limit 20 -- 'n=0; while [ $n -lt 40 ]; do sleep 3 & n=$((n+1)); done 2>/tmp/e; grep -c fork /tmp/e; true'
  [[ $output != 0 ]]
  run -0 true
}

@test "CPU time is limited" {
  run -0 box --cpus 0.5 -- 'cat /sys/fs/cgroup/cpu.max'
  [ "$output" = '50000 100000' ]
  run -0 box --cpu-shares 1024 -- 'cat /sys/fs/cgroup/cpu.weight'
  [ "$output" = 100 ]
}

@test "a cgroup that is delegated is used as it is" {
  run -0 systemd-run --user --scope -q -p Delegate=yes \
    /payload/sbx run --rm --cgroupns host --pids-limit 50 oci:/payload/images:bb cat /proc/self/cgroup
  [[ $output == *.scope/sbx-* ]]
}

@test "a container that runs gets other limits" {
  sbx run --name upd --pids-limit 50 oci:/payload/images:bb \
    sh -c 'until grep -q 60 /sys/fs/cgroup/pids.max; do sleep 0.2; done; echo changed' >out.$$ &
  local sbx_pid=$! i
  for i in $(seq 100); do
    [ "$(sbx inspect --format '{{.State.Running}}' upd 2>/dev/null)" = true ] && break
    sleep 0.2
  done
  run -0 sbx update --pids-limit 60 upd
  wait "$sbx_pid"
  grep -q changed out.$$
  rm out.$$
  sbx rm upd
}

@test "nothing is left of the scopes" {
  local i
  for i in $(seq 50); do
    [ -z "$(systemctl --user list-units --no-legend 'sbx-*')" ] && return
    sleep 0.2
  done
  false
}
