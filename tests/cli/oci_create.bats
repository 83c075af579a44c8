load ../support/oci

@test "create makes a container that waits for start" {
  bundle b sh -c 'echo ran >/tmp/../ran 2>/dev/null; echo ran'
  oci create -b b --pid-file pid box >out
  status_is box created
  [ "$(oci state box | jq .pid)" = "$(cat pid)" ]
  [ "$(oci state box | jq -r .bundle)" = "$PWD/b" ]
  [ -d "/proc/$(cat pid)" ]
  [ ! -s out ]
  oci start box
  eventually grep -qx ran out
  eventually status_is box stopped
}

@test "create needs a bundle, an id of its own, and a socket for a terminal" {
  run -1 oci create -b nosuch box
  assert_contains "open bundle 'nosuch'"
  bundle b sleep 60
  run -1 oci create -b b ../box
  assert_contains 'is not the id of a container'
  oci create -b b box >created 2>&1 </dev/null
  run -1 oci create -b b box
  assert_contains "container 'box' exists already"
  edit b '.process.terminal = true'
  run -1 oci create -b b other
  assert_contains 'nobody is to get it'
  run -0 oci list -q
  assert_output box
}

@test "create leaves nothing where it fails" {
  bundle b nosuch-program
  run -1 oci create -b b --pid-file /no/such/pid box
  run -0 oci list -q
  assert_output ''
  edit b '.process.args = ["true"] | .root.path = "absent"'
  run -1 oci create -b b box
  run -0 oci list -q
  assert_output ''
  [ -z "$(ls "$XDG_RUNTIME_DIR/sbx/oci")" ]
}

@test "create finds out that the program cannot be run, in words that podman knows" {
  bundle b /etc
  run -1 oci create -b b box
  assert_output "sbx-oci: run '/etc': Permission denied"
  edit b '.process.args = ["data"]'
  echo text >b/rootfs/bin/data
  run -1 oci create -b b box
  assert_output "sbx-oci: run 'data': Permission denied"
  edit b '.process.args = ["nosuch"]'
  run -1 oci create -b b box
  assert_contains ': executable file not found in $PATH'
  edit b '.process.args = ["/bin/nosuch"]'
  run -1 oci create -b b box
  assert_output "sbx-oci: run '/bin/nosuch': No such file or directory"
}

@test "create takes no descriptors that are meant for another process" {
  bundle b sh -c 'echo "fds:$LISTEN_FDS"'
  LISTEN_FDS=1 LISTEN_PID=1 run -0 oci run -b b box
  assert_output fds:
}

@test "create refuses what it would have to leave out" {
  bundle b true
  edit b '.linux.resources.pids.limit = 5'
  run -1 oci create -b b box
  assert_contains 'linux.resources'
  edit b '.linux.resources = {} | .linux.intelRdt.closID = "gold"'
  run -1 oci create -b b box
  assert_contains 'groups of resctrl (linux.intelRdt) cannot be had: '
}

@test "create refuses by name the annotations that confine, and warns of others that it does not know" {
  bundle b sleep 60
  local annotation
  for annotation in run.oci.seccomp_bpf_data run.oci.handler; do
    edit b ".annotations = {\"$annotation\": \"krun\"}"
    run -1 oci create -b b box
    assert_contains "the annotation $annotation cannot be had"
  done
  edit b '.annotations = {"run.oci.handler": "crun", "run.oci.hooks.stdout": "/f", "mine": "x"}'
  oci create -b b box >out 2>err
  [ "$(cat err)" = "warning: nothing is done about the annotation 'run.oci.hooks.stdout'" ]
  oci delete --force box
  oci --log-level error create -b b box >out 2>err
  [ -z "$(cat err)" ]
}

@test "create makes no container where its filter names a call that is not known, if that is asked for" {
  bundle b true
  edit b '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
    syscalls: [{names: ["mkdirr"], action: "SCMP_ACT_ERRNO"}]}'
  run -0 oci run -b b box
  edit b '.annotations = {"run.oci.seccomp_fail_unknown_syscall": "1"}'
  run -1 oci create -b b box
  assert_contains "the system call 'mkdirr' is not known"
  edit b '.linux.seccomp.syscalls[0].names = ["mkdir"]'
  run -0 oci run -b b box
}

@test "create says what is wrong in the words of the document" {
  bundle b true
  edit b '.process.args = []'
  run -1 oci create -b b box
  assert_contains 'process.args is empty'
  edit b '.process.args = ["true"] | .linux.uidMappings[0].size = 0'
  run -1 oci create -b b box
  assert_contains 'linux.uidMappings[0] maps no id'
  edit b '.linux.uidMappings[0].size = 1 | .linux.resources.pids.limit = -2'
  run -1 oci create -b b box
  assert_contains 'linux.resources.pids.limit: -2'
  edit b '.linux.resources = {} | .mounts += [{destination: "/m", type: "bind", source: "/", options: ["remount"]}]'
  run -1 oci create -b b box
  assert_contains "the mount option 'remount' is not supported"
  edit b 'del(.root, .mounts[-1])'
  run -1 oci create -b b box
  assert_contains 'has no root.path'
}

@test "create gives a user mounts that are shared in the container" {
  bundle b sh -c 'grep " /m " /proc/self/mountinfo'
  mkdir src
  local word
  for word in shared rshared; do
    edit b '.mounts = [.mounts[] | select(.destination != "/m")] +
      [{destination: "/m", type: "bind", source: $ARGS.positional[0], options: ["bind", $ARGS.positional[1]]}]' \
      "$PWD/src" $word
    run -0 oci run -b b box
    assert_contains ' shared:'
  done
}

@test "create closes what the container is not given" {
  bundle b sleep 60
  exec 7<b/config.json
  oci create -b b box </dev/null >created 2>&1
  exec 7<&-
  local target
  for target in $(readlink /proc/"$(oci state box | jq .pid)"/fd/*); do
    [[ $target == /dev/null || $target == pipe:* || $target == socket:* || $target == "$BATS_TEST_TMPDIR"* || $target == /tmp/* ]] \
      || { echo "open: $target"; return 1; }
    [[ $target != *config.json && $target != *state.json && $target != */lock ]]
  done
}

@test "create keeps descriptors for the program" {
  bundle b sh -c 'cat <&3; cat <&4; echo $LISTEN_FDS $LISTEN_PID'
  echo three >three && echo four >four
  LISTEN_FDS=1 oci create -b b --preserve-fds 1 box >out 3<three 4<four
  oci start box
  eventually status_is box stopped
  [ "$(cat out)" = $'three\nfour\n1 1' ]
  run -1 oci create -b b --preserve-fds 9 other
  assert_contains 'descriptor'
}

@test "create tells of each limit that nobody enforces where cgroups are disabled" {
  bundle box-bundle sleep 60
  edit box-bundle '.linux.resources = {memory: {limit: 100000000}, pids: {limit: 50}}'
  oci --log log --log-format json --cgroup-manager=disabled create -b box-bundle box >out 2>err
  [ ! -s out ]
  [ "$(jq -r '.level + " " + .msg' log)" = "warning linux.resources.memory.limit is not enforced: cgroups are disabled
warning linux.resources.pids.limit is not enforced: cgroups are disabled" ]
  grep -q 'warning: linux.resources.pids.limit is not enforced' err
  oci delete --force box
  edit box-bundle '.process.cwd = "nowhere"'
  run -1 oci --log log2 --cgroup-manager=disabled create -b box-bundle box
  [ "$(wc -l <log2)" = 1 ]  # the failure alone
}

@test "create makes no container without a limit that was asked for" {
  bundle box-bundle sleep 60
  edit box-bundle '.linux.resources = {pids: {limit: 50}}'
  if [ -f /sys/fs/cgroup/cgroup.controllers ]; then skip 'a cgroup may be had'; fi
  run -1 oci create -b box-bundle box
  assert_contains 'config.json asks for linux.resources.pids.limit, which cannot be had'
  run -1 oci state box
  edit box-bundle '.linux.resources.pids.limit = 2048'
  oci create -b box-bundle box >out 2>err
  grep -q 'warning: linux.resources.pids.limit is not enforced' err
}
