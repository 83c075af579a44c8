# Once for a suite of command tests: the images, and a real registry that serves them on loopback.
setup_suite() {
  if [ "$(id -u)" = 0 ]; then
    echo "these tests are for an ordinary user: see tools/test" >&2
    return 1
  fi
  export SBX_PROGRAM SBX_IMAGES=$BATS_SUITE_TMPDIR/images
  SBX_PROGRAM=$(readlink -f "${SBX_PROGRAM:?the sbx to test}")
  "${BATS_TEST_DIRNAME:-.}/../support/make-images" "$SBX_IMAGES"
  start_registry
}

teardown_suite() {
  [ -z "${SBX_REGISTRY_PID:-}" ] || kill "$SBX_REGISTRY_PID"
  unshare --map-auto --map-root-user rm -rf "$BATS_SUITE_TMPDIR/images" "$BATS_SUITE_TMPDIR/registry"
}

start_registry() {
  local port folder=$BATS_SUITE_TMPDIR/registry name
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  mkdir -p "$folder"
  printf '%s\n' 'version: 0.1' 'log: {level: error}' \
    "storage: {filesystem: {rootdirectory: $folder}, delete: {enabled: true}}" \
    "http: {addr: '127.0.0.1:$port'}" >"$folder/config.yml"
  docker-registry serve "$folder/config.yml" >"$folder/log" 2>&1 3>&- &
  export SBX_REGISTRY_PID=$! SBX_REGISTRY=127.0.0.1:$port
  until curl -sf "http://$SBX_REGISTRY/v2/" >/dev/null; do
    kill -0 "$SBX_REGISTRY_PID" || { cat "$folder/log" >&2; return 1; }
    read -rt 0.05 <> <(:) || true
  done
  for name in bb app; do
    skopeo copy -q --insecure-policy --dest-tls-verify=false \
      "oci:$SBX_IMAGES:$name" "docker://$SBX_REGISTRY/test/$name:1"
  done
}
