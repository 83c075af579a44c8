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

@test "a pod whose infra was killed is not split" {
  have bb
  sbx pod create --name p
  sbx run -d --pod p --name one localhost/bb sleep 1000 3>&-
  kill -9 "$(sbx inspect -f '{{.State.Pid}}' "$(sbx pod inspect -f '{{.InfraContainerID}}' p)")"
  eventually bash -c '[ "$("$SBX_PROGRAM" pod inspect -f "{{.State}}" p)" = Degraded ]'
  run -125 sbx run --rm --pod p localhost/bb hostname
  assert_contains "the infra container of pod 'p' has ended, and container 'one' still runs"
  assert_contains 'hint: `sbx pod restart p` has all of it share again'
  sbx pod restart -t 0 p 3>&-
  run -0 sbx run --rm --pod p localhost/bb readlink /proc/self/ns/net
  assert_output "$(sbx exec one readlink /proc/self/ns/net)"
  sbx pod rm -f p
}

@test "a container that starts again by itself has the infra start first" {
  have bb
  sbx pod create --name p --share +pid
  sbx run -d --restart always --pod p --name one localhost/bb sleep 1000 3>&-
  sbx run -d --restart always --pod p --name two localhost/bb sleep 1000 3>&-
  kill -9 "$(sbx inspect -f '{{.State.Pid}}' "$(sbx pod inspect -f '{{.InfraContainerID}}' p)")"
  eventually bash -c '"$SBX_PROGRAM" inspect -f "{{.RestartCount}} {{.State.Status}}" one two |
    grep -c "^[1-9].* running" | grep 2'
  [ "$(state p)" = Running ]
  run -0 sbx exec one readlink /proc/self/ns/pid
  assert_output "$(sbx exec two readlink /proc/self/ns/pid)"
  local monitor
  monitor=$(jq .monitor "$XDG_RUNTIME_DIR/sbx/containers/$(sbx pod inspect -f '{{.InfraContainerID}}' p)/state.json")
  [ "$(ls -l "/proc/$monitor/fd" | grep -c signalfd)" = 1 ] # and none of who started it
  sbx pod rm -f p
}

@test "pod start does not wait for a container that is to start again by itself" {
  have bb
  mkdir flags
  sbx pod create --name p
  sbx run -d --pod p --name one --restart always -v ./flags:/f localhost/bb \
    sh -c '[ ! -e /f/up ] || exec sleep 1000' 3>&-
  eventually bash -c '[ "$("$SBX_PROGRAM" inspect -f "{{.RestartCount}} {{.State.Status}}" one)" = "5 restarting" ]'
  touch flags/up
  run -0 sbx pod start p 3>&-
  run -0 sbx inspect -f '{{.State.Status}}' one
  assert_output running
  sbx pod rm -f p
}

@test "what a killed monitor has left in the pod goes before the next start" {
  have bb
  sbx pod create --name p --share +pid
  sbx run -d --pod p --name one localhost/bb sh -c 'sleep 1001 & exec sleep 1000' 3>&-
  sbx run -d --pod p --name two localhost/bb sleep 1002 3>&-
  local id
  id=$(sbx inspect -f '{{.Id}}' one)
  kill -9 "$(jq .monitor "$XDG_RUNTIME_DIR/sbx/containers/$id/state.json")"
  eventually bash -c '[ "$("$SBX_PROGRAM" inspect -f "{{.State.Status}}" one)" = exited ]'
  sbx start one 3>&-
  run -0 sbx exec two ps
  [ "$(grep -c 'sleep 1001' <<<"$output")" = 1 ]
  sbx rm -f one
  run -0 sbx exec two ps
  refute_contains 'sleep 1001'
  sbx pod rm -f p
}
