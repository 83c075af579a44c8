load ../support/sbx

@test "image prune removes images without a name, and says how much that is" {
  have bb app
  sbx untag localhost/app
  run -0 --separate-stderr sbx image prune
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
  run -0 --separate-stderr sbx image prune
  assert_output ''
}
