load ../support/sbx

wrote() { sbx logs one | grep -q "$1"; }

@test "pod rm removes a pod with all of its containers, and nothing is left" {
  have bb
  local id
  id=$(sbx pod create --name p)
  sbx run --pod p --name one -v /data localhost/bb true 3>&-
  run -0 sbx pod rm p
  assert_output "$id"
  run -0 sbx ps -aq
  assert_output ''
  run -0 sbx pod ps -q
  assert_output ''
  run -0 sbx volume ls -q
  assert_output ''
  run -0 ls "$XDG_DATA_HOME/sbx/containers" "$XDG_DATA_HOME/sbx/pods"
  refute_contains "$id"
}

@test "a container that runs keeps its pod, unless it is killed with it" {
  have bb
  sbx pod create --name p
  sbx run -d --pod p --name one localhost/bb sleep 1000 3>&-
  run -125 sbx pod rm p
  assert_contains "container 'one' of pod 'p' is running"
  run -0 sbx pod rm -f p
  run -1 sbx container exists one
  run -1 sbx pod exists p
}

@test "with --time they may end first" {
  have bb
  sbx pod create --name p
  sbx run -d --pod p --name one -v "$PWD:/out" localhost/bb sh -c 'trap "echo told >/out/told; exit" TERM; echo up; while :; do sleep 0.05; done' 3>&-
  eventually wrote up
  run -0 sbx pod rm -f -t 5 p
  run -0 cat told
  assert_output told
  run -125 sbx pod rm -t 5 p
  assert_contains '--time is for what runs'
}

@test "pods that are not there are errors, unless --force or --ignore is given; the others go" {
  sbx pod create one
  run -125 sbx pod rm nosuch one
  assert_contains "cannot remove pod 'nosuch'"
  run -1 sbx pod exists one
  run -0 sbx pod rm -f nosuch
  run -0 sbx pod rm -i nosuch
  run -125 sbx pod rm
  assert_contains 'name pods'
  local id
  id=$(sbx pod create twice)
  run -0 sbx pod rm twice "$id"
  assert_output "$id"
}

@test "pod prune removes those that have stopped" {
  have bb
  sbx pod create fresh
  sbx pod create done
  sbx pod create live
  sbx run --pod done localhost/bb true 3>&-
  sbx pod stop -t 0 done
  sbx pod start live 3>&-
  run -0 sbx pod prune <<<n
  run -0 sbx pod prune -f
  [ "${#lines[@]}" = 1 ]
  run -0 sbx pod ps --format '{{.Name}}' --sort name
  assert_output $'fresh\nlive'
  sbx pod rm -fa
}

gone_and_unlocked() { ! sbx pod exists p && flock -n "$XDG_DATA_HOME/sbx/pods.lock" true; }

@test "pod rm waits for nobody who has the volumes while it has the pods" {
  have bb
  sbx pod create --name p
  sbx create --pod p --name one -v /data localhost/bb true
  exec 8>"$XDG_DATA_HOME/sbx/volumes.lock"
  flock -s 8
  sbx pod rm p 3>&- 8>&- &
  local removing=$!
  eventually gone_and_unlocked
  exec 8>&-
  wait "$removing"
  run -0 sbx volume ls -q
  assert_output ''
}

@test "what is in the way of one container keeps the pod, but not the others" {
  have bb
  sbx pod create --name p
  sbx create --pod p --name one localhost/bb true
  sbx create --pod p --name two localhost/bb true
  local folder
  folder="$XDG_DATA_HOME/sbx/containers/$(sbx inspect -f '{{.Id}}' one)"
  chmod 500 "$folder" # it cannot be moved away
  run -125 sbx pod rm -f p
  assert_contains "cannot remove pod 'p'"
  run -1 sbx container exists two
  run -0 sbx pod exists p
  chmod 700 "$folder"
  run -0 sbx pod rm -f p
  run -1 sbx pod exists p
}
