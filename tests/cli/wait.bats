load ../support/sbx

runs() { [ "$(sbx inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }

@test "wait prints the exit code of what has ended, for each name" {
  have bb
  run -3 sbx run --name three localhost/bb sh -c 'exit 3'
  sbx run --name zero localhost/bb true
  run -0 sbx wait three zero
  assert_output $'3\n0'
}

@test "wait waits for what runs, also if it is removed at its end" {
  have bb
  mkfifo go
  "$SBX_PROGRAM" run --rm --name box -v ./go:/go localhost/bb sh -c 'read x </go; exit 4' &
  local box=$!
  eventually runs box
  "$SBX_PROGRAM" wait box >code &
  local waiter=$!
  eventually looks_at_a_process $waiter
  echo >go
  wait $waiter
  [ "$(cat code)" = 4 ]
  local ended=0
  wait $box || ended=$?
  [ $ended = 4 ]
}

looks_at_a_process() { ls -l "/proc/$1/fd" | grep -q pidfd; }

@test "wait tells of what is not there or was not started, and does the others" {
  have bb
  sbx run --name box localhost/bb true
  run -125 sbx wait nosuch box
  assert_contains "cannot wait for 'nosuch': there is no container 'nosuch'"
  [ "${lines[-1]}" = 0 ]
  run -0 sbx wait --ignore nosuch
  assert_output -1
  sbx create --name fresh localhost/bb true
  run -125 sbx wait fresh
  assert_contains "'fresh' has not been started"
}
