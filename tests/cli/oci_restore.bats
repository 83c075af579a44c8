load ../support/oci

@test "restore says that there are none, whatever runc's options ask for" {
  run -1 oci --log log restore --image-path /img --work-path /w --tcp-established box
  assert_contains 'sbx-oci: checkpoints are not supported'
  grep -q 'checkpoints are not supported' log
  run -1 oci restore
  assert_contains 'CONTAINER is missing'
}
