load ../support/sbx

@test "update changes the limits of a container, and keeps the others" {
  have bb
  sbx create --name box localhost/bb true
  local kept='0 0' limits='{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}'
  if can_limit; then
    run -0 sbx update --memory 64m box
    assert_output box
    run -0 sbx update --pids-limit 50 box
    kept='67108864 50'
  else
    run -125 sbx update --memory 64m box
    assert_contains 'limits need'
  fi
  run -0 sbx inspect --format "$limits" box
  assert_output "$kept"
  run -0 sbx update --memory 0 --memory-swap -1 --pids-limit -1 box
  run -0 sbx inspect --format "$limits" box
  assert_output '0 0'
}

# Whether a container of this user can have a limit here.
can_limit() { sbx run --rm --memory 64m localhost/bb true; }

@test "update asks for something to change" {
  have bb
  sbx create --name box localhost/bb true
  run -125 sbx update box
  assert_output $'sbx: nothing is given that is to change\nhint: `sbx update --help` names them'
}

@test "update tells of what cannot be, and does the others" {
  have bb
  sbx create --name box localhost/bb true
  run -125 sbx update --memory much box
  assert_contains "cannot update 'box': --memory much: a size, such as 512m, belongs there"
  run -125 sbx update --pids-limit 0 nothing box
  assert_contains "nothing"
  [ "${lines[-1]}" = box ]
}

@test "update changes the restart policy and the health check for the next start" {
  have bb
  sbx run -d --name box localhost/bb sh -c 'echo life >>/lives; touch /up; until [ -e /end ]; do sleep 0.05; done; rm /end' 3>&-
  run -0 --separate-stderr sbx update --restart always --health-cmd 'test -e /up' box
  assert_output box
  [[ $stderr == *"'box' runs: its restart policy and health check change with its next start"* ]]
  run -0 sbx inspect --format '{{.HostConfig.RestartPolicy.Name}} {{index .Config.Healthcheck.Test 1}}' box
  assert_output 'always test -e /up'
  sbx restart -t 0 box 3>&-
  run -0 sbx healthcheck run box
  sbx exec box touch /end
  eventually restarted box
  sbx rm -f box
}

@test "a restart by the policy is a next start, too" {
  have bb
  sbx network create app
  sbx network create first
  sbx run -d --name box --network first --restart always localhost/bb \
    sh -c 'echo life >>/lives; until [ -e /end ]; do sleep 0.05; done; rm /end' 3>&-
  sbx update --health-cmd 'test -e /lives' box
  sbx network connect app box
  sbx rename box crate
  sbx exec crate touch /end
  eventually lives 2 crate
  run -0 sbx healthcheck run crate
  run -0 sbx network inspect --format '{{range .Containers}}{{.Name}}{{end}}' app
  assert_output crate
  sbx rm -f crate
  sbx network rm app first
}
lives() { [ "$(sbx exec "$2" grep -c life /lives 2>/dev/null)" = "$1" ]; }

restarted() { [ "$(sbx exec "$1" grep -c life /lives 2>/dev/null)" = 3 ]; }

@test "a container whose policy is no from now on is not started again" {
  have bb
  mkfifo go
  sbx run -d --restart always --name box -v ./go:/go localhost/bb sh -c 'read x </go' 3>&-
  sbx update --restart no box
  echo >go
  run -0 sbx wait box
  eventually ended box
  run -0 sbx inspect --format '{{.RestartCount}}' box
  assert_output 0
  run -125 sbx update --restart sometimes box
  assert_contains '--restart'
  sbx create --rm --name brief localhost/bb true
  run -125 sbx update --restart always brief
  assert_contains 'it was made with --rm'
}
ended() { [ "$(sbx inspect --format '{{.State.Status}}' "$1")" = exited ]; }
