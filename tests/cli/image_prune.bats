load ../support/sbx

@test "image prune removes images without a name, and says how much that is" {
  have bb app
  sbx untag localhost/app
  run -0 --separate-stderr sbx image prune --force
  [[ $output =~ ^[0-9a-f]{64}$ ]]
  [[ $stderr == *' freed' ]]
  run -0 sbx images --format '{{.Repository}}'
  assert_output localhost/bb
  run -0 sbx run --rm localhost/bb echo ran
}

@test "image prune --all removes all that no container has" {
  have bb app
  sbx create localhost/bb
  sbx image prune --all --force
  run -0 sbx images --format '{{.Repository}}'
  assert_output localhost/bb
}

@test "there may be nothing to prune" {
  run -0 --separate-stderr sbx image prune --force
  assert_output ''
}

@test "image prune asks first, and only a yes counts" {
  have bb
  sbx untag localhost/bb
  local id
  id=$(sbx images -q)
  for answer in '' n no yesterday; do
    run -0 --separate-stderr sbx image prune <<<"$answer"
    assert_output ''
    [[ $stderr == 'Remove all images that have no name and that no container uses? [y/N]'* ]]
  done
  run -0 sbx image prune </dev/null
  run -0 sbx images -q
  assert_output "$id"
  run -0 sbx image prune <<<Y
  run -0 sbx images -q
  assert_output ''
}

@test "image prune --filter removes what it admits" {
  have bb app
  run -0 sbx image prune -af --filter label=maker=nobody
  run -0 sbx image prune -af --filter until=2001-01-01
  run -0 sbx images -q --filter reference=localhost/*
  [ ${#lines[@]} -eq 2 ]
  sbx image prune -af --filter label!=no.such
  run -0 sbx images -q
  assert_output ''
}

@test "a filter that means nothing is refused, and nothing removed" {
  have bb
  run -125 sbx image prune -af --filter colour=red
  assert_contains '--filter colour=red: unknown key'
  run -0 sbx images -q
  [ ${#lines[@]} -eq 1 ]
}
