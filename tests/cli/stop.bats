load ../support/sbx

runs() { [ "$(sbx inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }
has() { [ -e "$1" ]; }

# A program that shows when it is ready, and ends with the status $1 when it gets the signal $2.
polite() { echo "trap 'exit $1' $2; touch /out/up; while :; do sleep 0.05; done"; }

@test "stop asks by the container's stop signal, and echoes the names that were given" {
  have bb
  mkdir out
  "$SBX_PROGRAM" run --name box --stop-signal USR1 -v ./out:/out localhost/bb sh -c "$(polite 6 USR1)" &
  local pid=$!
  eventually has out/up
  eventually runs box
  local id
  id=$(sbx ps -q)
  run -0 --separate-stderr sbx stop "$id"
  assert_output "$id"
  [ "$stderr" = '' ]
  run -0 sbx ps -a --format '{{.State}} {{.ExitCode}}'
  assert_output 'exited 6'
  assert_ends_with 6 $pid
}

@test "stop kills what does not end in time, and says so" {
  have bb
  "$SBX_PROGRAM" run --name box localhost/bb sleep 1000 &
  local pid=$!
  eventually runs box
  run -0 --separate-stderr sbx stop -t 1 box
  assert_output box
  [ "$stderr" = "warning: container 'box' did not end within 1 s of SIGTERM, and was killed" ]
  assert_ends_with 137 $pid
}

@test "the time is the container's own, if none is given" {
  have bb
  "$SBX_PROGRAM" run --name box --stop-timeout 0 localhost/bb sleep 1000 &
  local pid=$!
  eventually runs box
  run -0 sbx inspect --format '{{.Config.StopTimeout}}' box
  assert_output 0
  run -0 sbx stop box
  assert_ends_with 137 $pid
}

@test "several are stopped at once, each within its own time" {
  have bb
  local name pids=()
  for name in one two three; do
    "$SBX_PROGRAM" run --name $name localhost/bb sleep 1000 &
    pids+=($!)
    eventually runs $name
  done
  local begin=$SECONDS
  run -0 --separate-stderr sbx stop --time 3 one two three
  [ $((SECONDS - begin)) -lt 6 ]
  [ "$(sort <<<"$output")" = $'one\nthree\ntwo' ]
  for pid in "${pids[@]}"; do assert_ends_with 137 "$pid"; done
}

@test "stop leaves what does not run as it is" {
  have bb
  sbx create --name fresh localhost/bb true
  run -3 sbx run --name ended localhost/bb sh -c 'exit 3'
  run -0 sbx stop fresh ended
  assert_output $'fresh\nended'
  run -0 sbx ps -a --format '{{.Names}} {{.State}} {{.ExitCode}}'
  assert_output $'ended exited 3\nfresh created 0'
}

@test "a container with --rm is gone after a stop" {
  have bb
  "$SBX_PROGRAM" run --rm --name box localhost/bb sleep 1000 &
  local pid=$!
  eventually runs box
  run -0 sbx stop -t 0 box
  assert_output box
  assert_ends_with 137 $pid
  run -0 sbx ps -aq
  assert_output ''
}

@test "stop knows what it is told" {
  run -125 sbx stop -t soon box
  assert_contains '--time: '
  run -125 sbx stop -t -2 box
  run -125 sbx stop nosuch
  assert_contains "cannot stop 'nosuch': there is no container 'nosuch'"
  run -0 sbx stop --ignore nosuch
  run -0 sbx stop --all
  assert_output ''
}

@test "the infra of a pod ends last, so that the others of its processes are asked" {
  have bb
  sbx pod create --name p --share +pid --infra-name holder
  sbx run -d --pod p --name one -v "$PWD:/out" localhost/bb sh -c 'trap "sleep 0.3; echo told >/out/told; exit" TERM; echo up; while :; do sleep 0.05; done' 3>&-
  eventually bash -c '"$SBX_PROGRAM" logs one | grep -q up'
  run -0 sbx stop holder one
  [ "$(cat told)" = told ]
  run -0 sbx ps -q
  assert_output ''
  sbx pod rm p
}
