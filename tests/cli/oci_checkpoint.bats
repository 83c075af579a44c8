load ../support/oci

@test "checkpoint says that there are none, whatever runc's options ask for" {
  run -1 oci --log log checkpoint --image-path /img --work-path /w --tcp-established box
  assert_contains 'sbx-oci: checkpoints are not supported'
  grep -q 'checkpoints are not supported' log
  run -1 oci checkpoint
  assert_contains 'CONTAINER is missing'
}
