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

@test "images --filter shows those for which it holds" {
  have bb app
  run -0 sbx images --filter reference=localhost/bb --format '{{.Repository}}'
  assert_output localhost/bb
  run -0 sbx images --filter dangling=true -q
  assert_output ''
  sbx untag localhost/bb
  run -0 sbx images --filter dangling=true --format '{{.Repository}}'
  assert_output '<none>'
  sbx create localhost/app
  run -0 sbx images --filter containers=true --format '{{.Repository}}'
  assert_output localhost/app
  run -125 sbx images --filter since=nothing
  assert_contains "--filter since=nothing"
  run -125 sbx images --filter dangling
  assert_contains 'KEY=VALUE belongs there'
}

@test "images takes a pattern for a name" {
  have bb app
  run -0 sbx images --format '{{.Repository}}' 'localhost/b*'
  assert_output localhost/bb
  run -0 sbx images --format '{{.Repository}}' 'b?'
  assert_output localhost/bb
  run -0 sbx images --format '{{.Repository}}' 'none*'
  assert_output ''
}
