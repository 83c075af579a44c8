load ../support/sbx

@test "secret exists tells by its status, and prints nothing" {
  printf x | sbx secret create db -
  run -0 sbx secret exists db
  assert_output ''
  run -1 sbx secret exists nothing
  assert_output ''
  run -0 sbx secret exists "$(sbx secret ls -q)"
  run -125 sbx secret exists
}
