load ../support/sbx

@test "volume ls shows volumes as podman does" {
  sbx volume create two
  sbx volume create one
  run -0 sbx volume ls
  assert_output $'DRIVER  VOLUME NAME\nlocal   one\nlocal   two'
  run -0 sbx volume list -q
  assert_output $'one\ntwo'
  run -0 sbx volume ls --noheading
  [ ${#lines[@]} -eq 2 ]
}

@test "there may be none" {
  run -0 sbx volume ls -q
  assert_output ''
  run -0 sbx volume ls --format json
  assert_output '[]'
}

@test "a template and JSON have who has what" {
  have bb
  sbx volume create --label a=b --label c data
  sbx create --name box -v data:/d localhost/bb
  run -0 sbx volume ls --format '{{.Name}}|{{.Labels}}|{{.Containers}}'
  assert_output 'data|a=b,c=|box'
  run -0 bash -c '"$SBX_PROGRAM" volume ls --format json | python3 -c "import json, sys; v = json.load(sys.stdin)[0]; print(v[\"Name\"], v[\"Labels\"][\"a\"], v[\"MountCount\"])"'
  assert_output 'data b 1'
  run -125 sbx volume ls --format '{{.Colour}}'
}

@test "volume ls --filter shows those for which it holds" {
  have bb
  sbx volume create --label kind=cache cache
  sbx volume create used
  sbx create -v used:/d -v /anonymous localhost/bb
  run -0 sbx volume ls -q --filter dangling=true
  assert_output cache
  run -0 sbx volume ls -q --filter label=kind=cache
  assert_output cache
  run -0 sbx volume ls -q --filter name=^us
  assert_output used
  run -0 sbx volume ls -q --filter anonymous=true
  [[ $output =~ ^[0-9a-f]{64}$ ]]
  run -0 sbx volume ls -q --filter since=cache --filter anonymous=false
  assert_output used
  run -125 sbx volume ls --filter colour=red
  assert_contains '--filter colour=red: unknown key'
}

@test "labels that a terminal would obey are made harmless" {
  sbx volume create --label "evil=$(printf 'a\033[31m')" data
  run -0 sbx volume ls --format '{{.Labels}}'
  assert_output 'evil=a\x1b[31m'
}

@test "names of volumes can be completed" {
  sbx volume create data
  run -0 sbx __complete volume rm d
  assert_contains data
}
