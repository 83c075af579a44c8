load ../support/oci

@test "spec writes a configuration, once" {
  run -0 oci spec
  [ "$(jq -r '"\(.root.path) \(.process.args[0]) \(.hostname)"' config.json)" = 'rootfs sh sbx' ]
  [ "$(jq -c '.process.capabilities.inheritable // []' config.json)" = '[]' ]
  run -1 oci spec
  assert_contains config.json
}

@test "spec --rootless maps root to whoever asks" {
  mkdir box
  run -0 oci spec --rootless -b box
  [ "$(jq -c '.linux.uidMappings[0] | [.containerID, .hostID, .size]' box/config.json)" = "[0,$(id -u),1]" ]
  jq -e '.linux.namespaces | any(.type == "user")' box/config.json
  run -1 oci spec -b nosuch
  assert_contains nosuch
}
