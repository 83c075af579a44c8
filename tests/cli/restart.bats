load ../support/sbx

pid_of() { sbx inspect --format '{{.State.Pid}}' "$1"; }

@test "restart ends containers and starts them again, also those that do not run" {
  have bb
  sbx run -d --name one localhost/bb sh -c 'trap "exit 0" TERM; echo life; while :; do sleep 0.05; done' 3>&-
  sbx create --name two localhost/bb sleep 1000
  local before
  before=$(pid_of one)
  eventually grep -q life <("$SBX_PROGRAM" logs one)
  run -0 sbx restart one two 3>&-
  assert_contains one
  assert_contains two
  [ "$(pid_of one)" != "$before" ]
  [ "$(pid_of two)" != 0 ]
  eventually bash -c '[ "$("$SBX_PROGRAM" logs one | wc -l)" = 2 ]'
  sbx rm -fa
}

@test "restart -t 0 kills first, and --running leaves the others" {
  have bb
  sbx run -d --name one localhost/bb sh -c 'trap "" TERM; sleep 1000' 3>&-
  sbx create --name two localhost/bb sleep 1000
  run -0 timeout 8 "$SBX_PROGRAM" restart -t 0 --running 3>&-
  [ "$(pid_of one)" != 0 ]
  [ "$(pid_of two)" = 0 ]
  sbx rm -fa
}

@test "a container that was stopped is not restarted by its policy, until it is started again" {
  have bb
  sbx run -d --name box --restart always localhost/bb sh -c 'trap "exit 1" TERM; echo life; while :; do sleep 0.05; done' 3>&-
  eventually grep -q life <("$SBX_PROGRAM" logs box)
  sbx stop box
  sleep 0.5
  run -0 sbx inspect --format '{{.State.Status}}' box
  assert_output exited
  sbx start box 3>&-
  sbx exec box kill -TERM 1
  eventually bash -c '[ "$("$SBX_PROGRAM" logs box | wc -l)" = 3 ]'
  sbx kill box
  sleep 0.5
  run -0 sbx inspect --format '{{.State.Status}}' box
  assert_output exited
}

@test "restart says what cannot be" {
  run -125 sbx restart
  assert_contains 'name containers'
  run -125 sbx restart nosuch
  assert_contains "cannot restart 'nosuch'"
  run -125 sbx restart -t soon nosuch
  assert_contains '--time'
}

@test "containers of a pod are restarted with its infra" {
  have bb
  sbx pod create --name p --infra-name holder
  sbx run -d --pod p --name one localhost/bb sleep 1000 3>&-
  sbx run -d --pod p --name two localhost/bb sleep 1000 3>&-
  run -0 sbx restart -a -t 0 3>&-
  run -0 sbx pod inspect -f '{{.State}}' p
  assert_output Running
  [ "$(sbx exec one readlink /proc/self/ns/net)" = "$(sbx exec two readlink /proc/self/ns/net)" ]
  sbx pod rm -f p
}

@test "a container whose pod has lost its infra runs on where it could not start again" {
  have bb
  sbx pod create --name p --infra-name holder
  sbx run -d --pod p --name one localhost/bb sleep 1000 3>&-
  sbx run -d --pod p --name two localhost/bb sleep 1000 3>&-
  sbx kill holder
  run -0 sbx start one
  run -125 sbx restart -t 0 one 3>&-
  assert_contains "and container 'two' still runs"
  run -0 sbx inspect -f '{{.State.Status}}' one
  assert_output running
  run -0 sbx restart -t 0 one two 3>&-
  [ "$(sbx exec one readlink /proc/self/ns/net)" = "$(sbx exec two readlink /proc/self/ns/net)" ]
  sbx pod rm -f p
}

@test "a restart by the policy that fails is the end, and leaves nobody in charge" {
  have bb
  mkdir source
  sbx run -d --name box --restart always -v "$PWD/source:/d" localhost/bb \
    sh -c 'until [ -e /d/end ]; do sleep 0.05; done' 3>&-
  mv source gone
  touch gone/end
  eventually ended box
  run -0 sbx inspect --format '{{.State.Status}} {{.State.Error}}' box
  assert_contains 'exited '
  assert_contains "$PWD/source"
  sbx rm box
}
ended() { [ "$(sbx ps -aq --filter status=exited --filter name="$1")" ]; }
