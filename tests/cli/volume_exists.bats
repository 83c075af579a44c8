load ../support/sbx

@test "volume exists tells by its status, and prints nothing" {
  sbx volume create data
  run -0 sbx volume exists data
  assert_output ''
  run -1 sbx volume exists dat
  assert_output ''
  run -1 sbx volume exists ../images
  run -125 sbx volume exists
}
