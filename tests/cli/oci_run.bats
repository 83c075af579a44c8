load ../support/oci

@test "run waits for the program, returns its status and leaves nothing" {
  bundle b sh -c 'echo hello; exit 3'
  run -3 oci run -b b box
  assert_output hello
  run -0 oci list -q
  assert_output ''
}

@test "run --keep leaves the state" {
  bundle b true
  run -0 oci run --keep -b b box
  status_is box stopped
  run -0 oci delete box
}

@test "run ends as its program where somebody deletes it meanwhile" {
  bundle b sleep 60
  "$SBX_PROGRAM" oci run -b b box </dev/null >out 2>&1 &
  local pid=$!
  eventually status_is box running
  run -0 oci delete -f box
  assert_ends_with 137 $pid
  [ ! -s out ]
}

@test "run has one reader for a terminal" {
  bundle b true
  edit b '.process.terminal = true'
  run -1 oci run -b b --console-socket /no/such box
  assert_contains '--console-socket is for a program that nobody stays with'
}

@test "run --detach comes back at once" {
  bundle b sleep 60
  oci run -d -b b --pid-file pid box >out 2>&1 </dev/null
  status_is box running
  kill -0 "$(cat pid)"
  run -0 oci delete -f box
}

@test "run does what the configuration says" {
  bundle b sh -c 'id -u; pwd; echo $A; cat /proc/sys/kernel/hostname; echo $$'
  edit b '.process.cwd = "/tmp" | .process.env += ["A=b c"] | .hostname = "there"'
  run -0 oci run -b b box
  assert_output $'0\n/tmp\nb c\nthere\n1'
}

@test "run of what cannot be run says so in words that podman knows" {
  bundle b nosuch
  run -1 oci run -b b box
  assert_contains 'executable file not found in $PATH'
  run -0 oci list -q
  assert_output ''
}

@test "signals for run are the program's" {
  bundle b sh -c 'trap "exit 7" TERM; echo ready; while :; do sleep 0.1; done'
  "$SBX_PROGRAM" oci run -b b box >out &
  eventually grep -q ready out
  kill -TERM $!
  assert_ends_with 7 $!
}

@test "run joins the terminal of the person" {
  bundle b sh -c 'tty; read x; echo "got $x"'
  edit b '.process.terminal = true'
  run -0 on_terminal expect:/dev/pts/0 'send:word\r' 'expect:got word' -- \
    "$SBX_PROGRAM" oci run -b b box
}

@test "run has hooks run around the program" {
  bundle b echo program
  edit b '.hooks = ([$ARGS.positional[]] | map({(.): [{path: "/bin/sh", args: ["sh", "-c", "echo \(.) >>log; grep -o creating || true"], env: ["PATH=/bin:/usr/bin"]}]}) | add)' \
    prestart createRuntime createContainer poststart poststop
  oci run -b b box >out 2>err
  [ "$(cat out)" = program ]
  [ "$(cat log)" = $'prestart\ncreateRuntime\ncreateContainer\npoststart\npoststop' ]
  [ "$(cat err)" = $'creating\ncreating\ncreating' ]
  edit b '.hooks = {createRuntime: [{path: "/bin/false"}]}'
  run -1 oci run -b b box
  assert_contains "createRuntime hook '/bin/false': it ended with status 1"
  refute_contains program
  [ -z "$(ls "$XDG_RUNTIME_DIR/sbx/oci")" ]
}
