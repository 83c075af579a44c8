load ../support/sbx

wrote() { sbx logs one | grep -q "$1"; }

state() { sbx pod inspect -f '{{.State}}' "$1"; }

@test "pod stop ends the containers, and then the infra" {
  have bb
  local id
  id=$(sbx pod create --name p)
  sbx run -d --pod p --name one localhost/bb sh -c 'trap "wget -T 1 http://127.0.0.1:1/; echo told; exit 3" TERM; echo up; while :; do sleep 0.05; done' 3>&-
  eventually wrote up
  run -0 sbx pod stop p
  assert_output "$id"
  [ "$(state p)" = Exited ]
  run -0 sbx inspect -f '{{.State.ExitCode}}' one
  assert_output 3
  run -0 sbx logs one
  assert_contains told
  run -0 sbx pod stop p
  sbx pod rm p
}

@test "what does not end in time is killed, with a warning" {
  have bb
  sbx pod create --name p
  sbx run -d --pod p --name one localhost/bb sh -c 'trap "" TERM; while :; do sleep 0.1; done' 3>&-
  run -0 timeout 9 "$SBX_PROGRAM" pod stop -t 1 p
  assert_contains "container 'one' did not end within 1 s"
  sbx pod rm p
}

@test "pod kill ends all at once, or sends another signal" {
  have bb
  sbx pod create --name p
  sbx run -d --pod p --name one localhost/bb sh -c 'trap "echo hup" HUP; echo up; while :; do sleep 0.05; done' 3>&-
  eventually wrote up
  run -0 sbx pod kill -s HUP p
  eventually wrote hup
  [ "$(state p)" = Running ]
  run -0 sbx pod kill p
  [ "$(state p)" = Exited ]
  run -125 sbx pod kill p
  assert_contains "pod 'p' does not run"
  run -125 sbx pod kill -s NONSENSE p
  assert_contains '--signal'
  sbx pod rm p
}

@test "what is not there is an error, unless it is to be ignored" {
  run -125 sbx pod stop nosuch
  assert_contains "cannot stop pod 'nosuch': there is no pod 'nosuch'"
  run -0 sbx pod stop -i nosuch
  run -125 sbx pod stop -t soon nosuch
  assert_contains '--time'
  run -125 sbx pod stop --pod-id-file nosuch
  assert_contains '--pod-id-file'
}
