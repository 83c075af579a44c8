load ../support/sbx

runs() { [ "$(sbx inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }
has() { [ -e "$1" ]; }

@test "kill ends a container at once, and when it returns the end is known" {
  have bb
  "$SBX_PROGRAM" run --name box localhost/bb sh -c 'trap "" TERM; sleep 1000' &
  local pid=$!
  eventually runs box
  run -0 sbx kill box
  assert_output box
  run -0 sbx ps -a --format '{{.State}} {{.ExitCode}}'
  assert_output 'exited 137'
  assert_ends_with 137 $pid
}

@test "kill -s sends the signal that is named or numbered" {
  have bb
  mkdir out
  "$SBX_PROGRAM" run --name box -v ./out:/out localhost/bb sh -c \
    'trap "touch /out/hup" HUP; trap "exit 6" USR1; touch /out/up; while :; do sleep 0.05; done' &
  local pid=$!
  eventually has out/up
  eventually runs box
  run -0 sbx kill -s HUP box
  eventually has out/hup
  runs box
  run -0 sbx container kill --signal 10 box
  assert_ends_with 6 $pid
}

@test "kill refuses what does not run, and what is no signal" {
  have bb
  sbx create --name box localhost/bb true
  run -125 sbx kill box nosuch
  assert_contains "cannot kill 'box': container 'box' does not run"
  assert_contains "cannot kill 'nosuch': there is no container 'nosuch'"
  run -125 sbx kill -s NOPE box
  assert_contains '--signal: '
}

@test "kill --all kills all that run" {
  have bb
  local name pids=()
  sbx create --name fresh localhost/bb true
  for name in one two; do
    "$SBX_PROGRAM" run --name $name localhost/bb sleep 1000 &
    pids+=($!)
    eventually runs $name
  done
  run -0 sbx kill -a
  [ ${#lines[@]} -eq 2 ]
  for pid in "${pids[@]}"; do assert_ends_with 137 "$pid"; done
  run -0 sbx kill -a
  assert_output ''
}
