load ../support/oci

# What pausing does is seen by the kernel's tests: here no cgroup may be had.
@test "pause says what it needs" {
  record_ended box
  run -1 oci pause box
  assert_contains "container not running or created: 'box' is stopped"
  run -1 oci pause nosuch
  assert_contains 'does not exist'
  sleep 60 &
  record box $!
  run -1 oci pause box
  assert_contains "container 'box' has no cgroup of its own"
  run -1 oci pause
  assert_contains 'CONTAINER is missing'
  kill $!
}
