load ../support/sbx

@test "network rm removes networks, and prints their names" {
  sbx network create one
  sbx network create two
  run -0 sbx network rm one two
  assert_output $'one\ntwo'
  run -0 sbx network ls -q
  assert_output ''
  [ -z "$(ls "$XDG_RUNTIME_DIR/sbx/networks" 2>&-)" ]
}

@test "one that containers are on is not removed, whether they run or not" {
  have bb
  sbx network create app
  sbx create --name box --network app localhost/bb >out
  run -125 sbx network rm app
  assert_contains "cannot remove network 'app': network is being used: container 'box' is on it"
  sbx run -d --name other --network app localhost/bb sleep 100 3>&-
  run -125 sbx network rm app
  assert_contains "containers 'box', 'other' are on it"
  run -0 sbx network rm -f app
  assert_output app
  run -0 sbx ps -aq
  assert_output ''
}

@test "what is not there is an error, which --force passes over; the others still go" {
  sbx network create app
  run -125 sbx network rm none app
  assert_contains "there is no network 'none'"
  run -1 sbx network exists app
  run -0 sbx network rm -f none
  assert_output ''
  run -125 sbx network rm
}

@test "a container whose network has gone is not started, and says why" {
  have bb
  sbx network create app
  sbx create --name box --network app localhost/bb >out
  rm "$HOME/data/sbx/networks/app"
  run -125 sbx start box
  assert_contains "there is no network 'app'"
}

@test "events tell of networks" {
  have bb
  sbx network create app
  sbx create --name box --network app localhost/bb >out
  sbx network disconnect app box
  sbx network connect app box
  sbx network rm -f app
  run -0 sbx events --stream=false --filter network=app --format '{{.Type}} {{.Action}} {{.Attributes.name}}'
  assert_output $'network create app\nnetwork disconnect app\nnetwork connect app\nnetwork remove app'
  run -0 sbx events --stream=false --filter type=network --filter event=create --format '{{.Name}}'
}
