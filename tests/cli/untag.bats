load ../support/sbx

@test "untag takes one name, or all of an id; the image stays" {
  have bb
  local id
  id=$(sbx images --quiet)
  sbx tag localhost/bb localhost/one localhost/two
  run -0 sbx untag localhost/bb localhost/one
  assert_output 'Untagged: localhost/one:latest'
  run -0 bash -c '"$SBX_PROGRAM" images --format "{{.Repository}}" | sort'
  assert_output $'localhost/bb\nlocalhost/two'
  run -0 sbx untag localhost/bb
  assert_output 'Untagged: localhost/bb:latest'
  run -0 sbx images --format '{{.Repository}}'
  assert_output localhost/two
  sbx tag localhost/two localhost/three
  run -0 sbx untag "$id"
  assert_contains 'Untagged: localhost/two:latest'
  assert_contains 'Untagged: localhost/three:latest'
  run -0 sbx images --format '{{.Repository}}:{{.Tag}} {{.ID}}'
  assert_output "<none>:<none> $id"
  run -0 sbx run --rm "$id" echo ran
  assert_output ran
}

@test "untag names what is not there" {
  have bb
  run -125 sbx untag nosuch
  assert_contains "there is no image 'nosuch'"
  run -125 sbx untag localhost/bb localhost/nosuch
  assert_contains "there is no image 'localhost/nosuch:latest'"
}
