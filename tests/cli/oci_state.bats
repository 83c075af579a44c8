load ../support/oci

@test "state prints a document as the specification has it" {
  sleep 60 &
  local pid=$!
  record box $pid
  run -0 oci state box
  [ "$(jq -c 'del(.pid, .ociVersion)' <<<"$output")" = \
    '{"id":"box","status":"running","bundle":"/b","rootfs":"/b/rootfs","created":"2026-11-28T22:35:44Z","owner":"'"$(id -un)"'"}' ]
  [ "$(jq .pid <<<"$output")" = $pid ]
}

@test "state refuses what is no container" {
  run -1 oci state nosuch
  assert_contains 'does not exist'
  run -1 oci state ../box
  assert_contains 'is not the id of a container'
  run -1 oci state
  assert_contains 'CONTAINER is missing'
}
