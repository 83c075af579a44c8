load ../support/oci

@test "resume wants a container that is paused" {
  sleep 60 &
  record box $!
  run -1 oci resume box
  assert_contains "container not paused: 'box'"
  kill $!
  run -1 oci resume nosuch
  assert_contains 'does not exist'
}
