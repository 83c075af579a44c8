# Once for a suite of command tests: the images, and real registries that serve them on loopback.
setup_suite() {
  if [ "$(id -u)" = 0 ]; then
    echo "these tests are for an ordinary user: see tools/test" >&2
    return 1
  fi
  export SBX_PROGRAM SBX_IMAGES=$BATS_SUITE_TMPDIR/images
  SBX_PROGRAM=$(readlink -f "${SBX_PROGRAM:?the sbx to test}")
  "${BATS_TEST_DIRNAME:-.}/../support/make-images" "$SBX_IMAGES"
  start_registries
}

teardown_suite() {
  local pid
  for pid in ${SBX_REGISTRY_PIDS:-}; do kill "$pid"; done
  unshare --map-auto --map-root-user rm -rf "$BATS_SUITE_TMPDIR"/{images,public,private}
}

# start_registry FOLDER [LINE...]: with these lines of configuration besides; sets $started.
start_registry() {
  local port folder=$1
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  mkdir -p "$folder"
  printf '%s\n' 'version: 0.1' 'log: {level: error}' \
    "storage: {filesystem: {rootdirectory: $folder}, delete: {enabled: true}}" \
    "http: {addr: '127.0.0.1:$port'}" "${@:2}" >"$folder/config.yml"
  docker-registry serve "$folder/config.yml" >"$folder/log" 2>&1 3>&- &
  local pid=$!
  SBX_REGISTRY_PIDS+=" $pid" started=127.0.0.1:$port
  until curl -s -o "$folder/answer" "http://$started/v2/"; do
    kill -0 $pid || { cat "$folder/log" >&2; return 1; }
    read -rt 0.05 <> <(:) || true
  done
}

# A registry for everybody, and one for nina, whose password is secret.
start_registries() {
  local name private=$BATS_SUITE_TMPDIR/private
  export SBX_REGISTRY SBX_PRIVATE_REGISTRY SBX_REGISTRY_PIDS=
  start_registry "$BATS_SUITE_TMPDIR/public"
  SBX_REGISTRY=$started
  mkdir "$private"
  echo 'nina:$2b$04$zDbofYdwXZSj0xwkbG3Tl.uYbBhbD.iA8fs9njgpNAwf.BxwrCtcO' >"$private/htpasswd"
  start_registry "$private" "auth: {htpasswd: {realm: test, path: $private/htpasswd}}"
  SBX_PRIVATE_REGISTRY=$started
  for name in bb app; do
    skopeo copy -q --insecure-policy --dest-tls-verify=false \
      "oci:$SBX_IMAGES:$name" "docker://$SBX_REGISTRY/test/$name:1"
  done
  skopeo copy -q --insecure-policy --dest-tls-verify=false --dest-creds nina:secret \
    "oci:$SBX_IMAGES:bb" "docker://$SBX_PRIVATE_REGISTRY/test/bb:1"
}
