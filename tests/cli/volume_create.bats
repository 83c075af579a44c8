load ../support/sbx

@test "volume create makes a volume, and prints its name" {
  run -0 sbx volume create --label kind=cache --label plain data
  assert_output data
  run -0 sbx volume inspect --format '{{.Name}} {{.Driver}} {{.Scope}} {{.Anonymous}} {{index .Labels "kind"}}' data
  assert_output 'data local local false cache'
  [ -d "$(sbx volume inspect -f '{{.Mountpoint}}' data)" ]
}

@test "a name is made up where none is given, and such a volume is not an unnamed one" {
  run -0 sbx volume create
  [[ $output =~ ^[0-9a-f]{64}$ ]]
  run -0 sbx volume ls -q --filter anonymous=true
  assert_output ''
}

@test "a volume that is there is an error, unless it is to be ignored" {
  sbx volume create data
  run -125 sbx volume create data
  assert_contains "there is a volume 'data' already"
  run -0 sbx volume create --ignore --label a=b data
  assert_output data
  run -0 sbx volume inspect --format '{{len .Labels}}' data
  assert_output 0
}

@test "what a volume cannot be is refused by its name" {
  run -125 sbx volume create -d nfs data
  assert_contains '--driver nfs: there is local, and no other'
  run -125 sbx volume create -o type=tmpfs data
  assert_contains '--opt type=tmpfs: a volume is a folder'
  for name in .. a/b /etc .hidden 'a b'; do
    run -125 sbx volume create -- "$name"
    assert_contains 'is not a name for a volume'
  done
  run -0 sbx volume create -d local fine
  run -0 sbx volume ls -q
  assert_output fine
}

@test "a container finds in it what another has left" {
  have bb
  sbx volume create data
  sbx run --rm -v data:/d localhost/bb sh -c 'echo kept >/d/file'
  run -0 sbx run --rm -v data:/d localhost/bb cat /d/file
  assert_output kept
}
