load ../support/sbx

@test "images says nothing of an empty store but the heading" {
  run -0 sbx images
  [ ${#lines[@]} -eq 1 ]
  assert_contains 'REPOSITORY'
}

@test "images lists what was pulled, by name" {
  have bb app
  run -0 bash -c "\"$SBX_PROGRAM\" images --format '{{.Repository}}:{{.Tag}}' | sort"
  assert_output 'localhost/app:latest
localhost/bb:latest'
}
