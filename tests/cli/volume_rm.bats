load ../support/sbx

@test "volume rm removes volumes, and prints their names" {
  sbx volume create one
  sbx volume create two
  run -0 sbx volume rm one two
  assert_output $'one\ntwo'
  run -0 sbx volume ls -q
  assert_output ''
}

@test "files of other users go as well" {
  have bb
  sbx run --rm -v data:/d localhost/bb sh -c 'mkdir -m 700 /d/deep && echo x >/d/deep/file && chown -R 5:5 /d'
  run -0 sbx volume rm data
  run -1 sbx volume exists data
}

@test "one that containers have is not removed, and they are named" {
  have bb
  sbx create --name box -v data:/d localhost/bb
  run -125 sbx volume rm data
  assert_contains "cannot remove volume 'data': container 'box' has it"
  sbx create --name other --mount type=volume,src=data,dst=/d localhost/bb
  run -125 sbx volume rm data
  assert_contains "containers 'box', 'other' have it"
  run -0 sbx volume exists data
  sbx rm box other
  run -0 sbx volume rm data
}

@test "volume rm --force removes the containers that have it, also those that run" {
  have bb
  sbx create --name other localhost/bb
  sbx run --name box -v data:/d localhost/bb sleep 60 &
  eventually bash -c '"$SBX_PROGRAM" ps -q --filter name=box | grep -q .'
  run -125 sbx volume rm data
  assert_contains "'box'"
  run -0 sbx volume rm --force data
  assert_output data
  run -0 sbx ps -a --format '{{.Names}}'
  assert_output other
}

@test "what is not there is an error, which --force passes over; the others still go" {
  sbx volume create data
  run -125 sbx volume rm none data
  assert_contains "there is no volume 'none'"
  run -1 sbx volume exists data
  run -0 sbx volume rm -f none
  assert_output ''
  run -125 sbx volume rm
  assert_contains 'name volumes, or give --all'
}

@test "volume rm --all removes all that no container has" {
  have bb
  sbx volume create one
  sbx create --name box -v two:/d localhost/bb
  run -125 sbx volume rm --all
  run -0 sbx volume ls -q
  assert_output two
  run -0 sbx volume rm -af
  run -0 sbx ps -aq
  assert_output ''
}

@test "while it is not known what a container has, volumes stay" {
  have bb
  sbx volume create data
  local id
  id=$(sbx create -v data:/d localhost/bb)
  echo '{"newer' >"$HOME/data/sbx/containers/$id/record.json"
  for command in 'rm data' 'rm --force data' 'prune --all --force'; do
    run -125 sbx volume $command
    assert_contains "container '${id:0:12}' may have it"
  done
  run -0 sbx volume ls -q
  assert_output data
}

@test "the unnamed volumes of a container go with it" {
  have bb
  sbx create --name box -v /d localhost/bb
  local volume
  volume=$(sbx volume ls -q)
  run -125 sbx volume rm "$volume"
  sbx rm box
  run -0 sbx volume ls -q
  assert_output ''
}
