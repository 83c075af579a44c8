load ../support/sbx

@test "untag takes one name, or all; the image stays" {
  have bb
  local id
  id=$(sbx images --quiet)
  sbx tag localhost/bb localhost/one localhost/two
  sbx untag localhost/bb localhost/one
  run -0 bash -c '"$SBX_PROGRAM" images --format "{{.Repository}}" | sort'
  assert_output $'localhost/bb\nlocalhost/two'
  sbx untag localhost/bb
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
