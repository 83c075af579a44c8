load ../support/sbx

state() { sbx pod inspect -f '{{.State}}' "$1"; }

@test "pod start starts all of its containers, and prints its id" {
  have bb
  local id
  id=$(sbx pod create --name p)
  sbx create --pod p --name one localhost/bb sleep 1000
  sbx create --pod p --name two localhost/bb sleep 1000
  run -0 sbx pod start p 3>&-
  assert_output "$id"
  [ "$(state p)" = Running ]
  run -0 sbx exec two hostname
  assert_output p
  run -0 sbx pod start p
  sbx pod rm -f p
}

@test "a container that is started alone has the infra with it" {
  have bb
  sbx pod create --name p
  sbx create --pod p --name one localhost/bb hostname
  run -0 sbx start -a one 3>&-
  assert_output p
  [ "$(state p)" = Degraded ]
  sbx pod stop -t 0 p
  [ "$(state p)" = Exited ]
  run -0 sbx start -a one 3>&-
  assert_output p
  sbx pod rm -f p
}

@test "pod restart has all end, and start again" {
  have bb
  sbx pod create --name p
  sbx run -d --pod p --name one localhost/bb sleep 1000 3>&-
  local before
  before=$(sbx inspect -f '{{.State.Pid}}' one)
  sbx pod restart -t 0 p 3>&-
  [ "$(state p)" = Running ]
  [ "$(sbx inspect -f '{{.State.Pid}}' one)" != "$before" ]
  run -0 sbx exec one hostname
  assert_output p
  sbx pod rm -f p
}

@test "pods are named, or are all of them, or the last" {
  sbx pod create one
  sbx pod create two
  run -125 sbx pod start
  assert_contains 'name pods, or give --all'
  run -125 sbx pod start -a one
  assert_contains 'exclude each other'
  run -125 sbx pod start nosuch one 3>&-
  assert_contains "cannot start pod 'nosuch': there is no pod 'nosuch'"
  [ "$(state one)" = Running ]
  run -0 sbx pod start -l 3>&-
  [ "$(state two)" = Running ]
  sbx pod inspect -f '{{.Id}}' one >id
  run -0 sbx pod restart --pod-id-file id -t 0 3>&-
  run -0 sbx pod stop -a
  [ "${#lines[@]}" = 2 ]
  sbx pod rm -a
}

@test "a container that cannot be started is told of, and the others start" {
  have bb
  sbx pod create --name p
  sbx create --pod p --name bad localhost/bb no-such-program
  sbx create --pod p --name good localhost/bb sleep 1000
  run -125 sbx pod start p 3>&-
  assert_contains "cannot start pod 'p': container 'bad': run 'no-such-program'"
  run -0 sbx inspect -f '{{.State.Status}}' good
  assert_output running
  sbx pod rm -f p
}
