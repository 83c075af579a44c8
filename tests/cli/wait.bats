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

@test "wait --condition waits for what a container is to be, and prints -1" {
  have bb
  mkfifo go
  sbx create --name box -v ./go:/go localhost/bb sh -c 'read x </go; exit 4'
  run -0 sbx wait --condition created box
  assert_output -1
  "$SBX_PROGRAM" wait --condition running --interval 10 box >answer 3>&- &
  local waiter=$!
  sbx start box 3>&-
  assert_ends_with 0 $waiter
  [ "$(cat answer)" = -1 ]
  "$SBX_PROGRAM" wait --condition=paused,removed -i 10ms box 3>&- &
  waiter=$!
  sbx pause box
  assert_ends_with 0 $waiter
  sbx unpause box
  "$SBX_PROGRAM" wait --condition unhealthy --condition exited box >answer 3>&- &
  waiter=$!
  echo >go
  assert_ends_with 0 $waiter
  [ "$(cat answer)" = 4 ]
}

@test "wait --condition removed ends with the container, another one fails with it" {
  have bb
  sbx run -d --name box localhost/bb sleep 1000 3>&-
  "$SBX_PROGRAM" wait --condition removed -i 10 box >answer 3>&- &
  local removed=$!
  "$SBX_PROGRAM" wait --condition paused -i 10 box 2>errors 3>&- &
  local paused=$!
  eventually looks_at_a_process $removed
  eventually looks_at_a_process $paused
  sbx rm -f box
  assert_ends_with 0 $removed
  [ "$(cat answer)" = -1 ]
  assert_ends_with 125 $paused
  grep -q "cannot wait for 'box': there is no container" errors
}

@test "wait --condition healthy waits for a health check, and refuses to where there is none" {
  have bb
  sbx run -d --name box --health-cmd 'test -e /up' --health-interval 100ms localhost/bb sleep 1000 3>&-
  sbx run -d --name plain localhost/bb sleep 1000 3>&-
  "$SBX_PROGRAM" wait --condition healthy -i 10 box >answer 3>&- &
  local waiter=$!
  sbx exec box touch /up
  assert_ends_with 0 $waiter
  [ "$(cat answer)" = -1 ]
  run -125 sbx wait --condition healthy plain
  assert_contains "container 'plain' has no health check"
  sbx rm -fa
}

@test "wait refuses conditions and intervals that there are not" {
  run -125 sbx wait --condition idle box
  assert_contains '--condition idle: created, initialized, running, paused'
  run -125 sbx wait --interval never box
  assert_contains '--interval'
  run -125 sbx wait --interval 0 box
  assert_contains '--interval 0: it is not a time'
}

@test "wait --latest waits for the container made last" {
  have bb
  run -125 sbx wait -l
  assert_contains 'there are no containers'
  sbx run -d --name first localhost/bb sleep 1000 3>&-
  sbx run -d localhost/bb sh -c 'exit 7' 3>&-
  run -0 sbx wait -l
  assert_output 7
  run -125 sbx wait
  assert_contains 'name containers, or give --latest'
  run -125 sbx wait -l first
  assert_contains 'exclude each other'
  sbx rm -fa
}
