load ../support/sbx

runs() { [ "$(sbx inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }

# A container that adds to the file out/ticks as long as it may.
start_ticking() {
  mkdir -p out
  "$SBX_PROGRAM" run --name box -v ./out:/out "$@" localhost/bb sh -c \
    'trap "exit 6" TERM; (while :; do echo >>/out/ticks; sleep 0.02; done) & while :; do sleep 0.05; done' &
  pid=$!
  eventually runs box
  eventually test -s out/ticks
}

ticks() { stat -c %s out/ticks; }
goes_on() { [ "$(ticks)" -gt "$1" ]; }

@test "pause has all processes stand still, and unpause has them go on" {
  have bb
  start_ticking
  run -0 --separate-stderr sbx pause box
  assert_output box
  [[ $stderr == "'box' has no cgroup, so its processes are stopped by SIGSTOP: "* ]] || [ "$stderr" = '' ]
  local before
  before=$(ticks)
  sleep 0.3
  [ "$(ticks)" -eq "$before" ]
  run -0 sbx ps --format '{{.State}} {{.Status}}'
  [[ $output =~ ^'paused Up '.*' (Paused)'$ ]]
  run -0 sbx inspect --format '{{.State.Status}} {{.State.Paused}} {{.State.Running}}' box
  assert_output 'paused true true'
  run -0 sbx ps -q --filter status=running
  assert_output ''
  run -0 sbx ps --filter status=paused --format '{{.Names}}'
  assert_output box
  run -0 sbx unpause box
  assert_output box
  eventually goes_on "$before"
  run -0 sbx ps --format '{{.State}}'
  assert_output running
  sbx stop box
  assert_ends_with 6 $pid
}

@test "pause and unpause refuse what is not theirs" {
  have bb
  start_ticking
  run -125 sbx unpause box
  assert_contains "cannot unpause 'box': it is not paused"
  sbx pause box
  run -125 sbx pause box
  assert_contains "cannot pause 'box': it is paused already"
  run -0 sbx pause --all
  assert_output ''
  run -125 sbx exec box true
  assert_contains 'the container is paused'
  assert_contains 'hint: `sbx unpause '
  run -125 sbx rm box
  run -0 sbx unpause --all
  run -0 sbx unpause --all
  assert_output ''
  run -0 sbx exec box true
  sbx stop box
  assert_ends_with 6 $pid
  run -125 sbx pause box nosuch
  assert_contains "cannot pause 'box': it does not run"
  assert_contains "cannot pause 'nosuch': there is no container"
}

@test "a paused container is killed, and removed by force" {
  have bb
  start_ticking
  sbx pause box
  run -0 sbx kill box
  assert_ends_with 137 $pid
  run -0 sbx ps -a --format '{{.State}}'
  assert_output exited
  sbx rm box
  start_ticking
  sbx pause box
  run -0 sbx rm -f box
  assert_ends_with 137 $pid
}

@test "a paused container is stopped as it asks, for which it goes on" {
  have bb
  start_ticking
  sbx pause box
  run -0 --separate-stderr sbx stop box
  assert_ends_with 6 $pid
  run -0 bash -c '"$SBX_PROGRAM" start -a box & sleep 0.5; "$SBX_PROGRAM" ps --format "{{.State}}"; "$SBX_PROGRAM" stop box; wait'
  assert_contains running
}

@test "without a cgroup, and with the processes of the host, there is no pause" {
  have bb
  "$SBX_PROGRAM" run --name box --pid host localhost/bb sleep 1000 &
  pid=$!
  eventually runs box
  run -125 sbx pause box
  assert_contains 'shares the processes of the host'
  sbx kill box
  assert_ends_with 137 $pid
}
