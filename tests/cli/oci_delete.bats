load ../support/oci

@test "delete removes what has ended" {
  record_ended box
  run -0 oci delete box
  run -1 oci state box
  run -1 oci delete box
  assert_contains 'does not exist'
}

@test "delete ends what was never started" {
  bundle b sleep 60
  oci create -b b --pid-file pid box </dev/null >created 2>&1
  run -0 oci delete box
  ! kill -0 "$(cat pid)"
  run -0 oci list -q
  assert_output ''
}

@test "delete ends what runs only with --force, for which none is no failure" {
  sleep 60 &
  record box $!
  run -1 oci delete box
  assert_contains 'cannot delete container box that is not stopped: running'
  kill -0 $!
  run -0 oci delete --force box
  assert_ends_with 137 $!
  run -0 oci list -q
  assert_output ''
  run -0 oci delete --force box
}

@test "delete ends a container whose record is damaged, where it is forced to" {
  bundle b sleep 60
  oci create -b b --pid-file pid box </dev/null >created 2>&1
  oci start box
  echo '{"id":' >"$XDG_RUNTIME_DIR/sbx/oci/box/state.json"
  local command
  for command in 'state box' 'kill box KILL' 'delete box' 'run -b b box'; do
    run -1 --separate-stderr oci $command
    [[ $stderr == *"the record of container 'box' is damaged"*'hint: `delete --force` ends what is left'* ]] ||
      { echo "$command: $stderr"; return 1; }
  done
  run -0 --separate-stderr oci list -q
  assert_output ''
  [[ $stderr == "warning: the record of container 'box' is damaged: "* ]]
  run -0 oci delete --force box
  assert_output ''
  ! kill -0 "$(cat pid)"
  [ -z "$(ls "$XDG_RUNTIME_DIR/sbx/oci")" ]
}

@test "delete warns of hooks that fail, and has deleted" {
  bundle b sleep 60
  edit b '.hooks = {poststop: [{path: "/bin/false"}, {path: "/bin/sh", args: ["sh", "-c", $ARGS.positional[0]]}]}' \
    "cat >$PWD/state"
  oci create -b b box >out
  run -0 oci --log log --log-format json delete --force box
  assert_output "warning: poststop hook '/bin/false': it ended with status 1"
  [ "$(jq -r '.level + ": " + .msg' log)" = "$output" ]
  [ "$(jq -c '[.id, .status, .pid, .bundle]' state)" = "[\"box\",\"stopped\",0,\"$PWD/b\"]" ]
  run -0 oci list -q
  assert_output ''
}

# What a container could leave: mounts, cgroups, files, sockets, processes, and descriptors of
# others that hold any of its own.
traces() {
  cat /proc/self/mountinfo
  find /sys/fs/cgroup -user "$(id -u)" -name '*c[0-9]*' || true
  find "$XDG_RUNTIME_DIR"
  grep -F "$XDG_RUNTIME_DIR/" /proc/net/unix || true
  grep -lszxF -f program /proc/[0-9]*/cmdline || true
  find /proc/[0-9]*/fd \( -lname "$XDG_RUNTIME_DIR/*" -o -lname "$PWD/b/*" \) || true
}

@test "500 containers come and go, four at a time, and leave nothing" {
  local program=sleep-of-$BATS_TEST_TMPDIR
  echo "$program" >program
  bundle b sh -c 'while :; do sleep 1000; done' "$program"
  run -0 oci list -q
  traces 2>/dev/null >before
  oci create -b b c0 </dev/null >/dev/null 2>&1
  oci start c0
  ! traces 2>/dev/null | diff -q before - >/dev/null # it would be seen
  oci delete --force c0
  run -0 bash -c 'seq 500 | xargs -P 4 -I_ sh -ec "
    \"$SBX_PROGRAM\" oci create -b b c_ </dev/null >/dev/null 2>>errors; \"$SBX_PROGRAM\" oci start c_
    \"$SBX_PROGRAM\" oci state c_ | grep -q running; \"$SBX_PROGRAM\" oci delete --force c_"
    code=$?; cat errors; exit $code'
  run -0 oci list -q
  assert_output ''
  traces 2>/dev/null | diff before -
}
