load ../support/oci

@test "events wants a container that runs, and an interval" {
  record_ended box
  run -1 oci events --stats box
  assert_contains 'container with id box is not running'
  run -1 oci events --interval 0s box
  assert_contains '1ms is the least'
  run -1 oci events --interval often box
  assert_contains '--interval'
  run -1 oci events nosuch
  assert_contains 'does not exist'
}
