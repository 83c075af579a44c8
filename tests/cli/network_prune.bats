load ../support/sbx

@test "network prune removes what no container is on, after it has asked" {
  have bb
  sbx network create app
  sbx network create --label keep kept
  sbx network create used
  sbx create --network used localhost/bb >out
  run -0 sbx network prune <<<n
  assert_contains 'Remove all networks that no container is on?'
  run -0 sbx network prune -f --filter label!=keep
  assert_output app
  run -0 sbx network ls -q
  assert_output $'kept\nused'
  run -0 sbx network prune <<<y
  assert_contains kept
  run -0 sbx network ls -q
  assert_output used
}

@test "a filter that means nothing removes nothing" {
  sbx network create app
  run -125 sbx network prune -f --filter size=3
  run -0 sbx network exists app
}
