# podman, as an ordinary user, with sbx in the place of its runtime.
load ../support/sbx

# One home for all of them: podman leaves a process that holds its namespace.
setup_file() {
  export BATS_NO_PARALLELIZE_WITHIN_FILE=true
  export HOME=$BATS_FILE_TMPDIR/home XDG_RUNTIME_DIR=$BATS_FILE_TMPDIR/run
  mkdir -p -m 700 "$HOME/.config/containers" "$XDG_RUNTIME_DIR"
  echo '{"default": [{"type": "insecureAcceptAnything"}]}' >"$HOME/.config/containers/policy.json"
  ln -s "$SBX_PROGRAM" "$BATS_FILE_TMPDIR/sbx-oci"
  podman_of_sbx pull -q --tls-verify=false "$SBX_REGISTRY/test/bb:1"
}

teardown_file() {
  podman_of_sbx rm -fa
  kill "$(cat "$XDG_RUNTIME_DIR"/libpod/tmp/pause.pid)"
  unshare --map-auto --map-root-user rm -rf "$HOME"
}

setup() { cd "$BATS_TEST_TMPDIR" || return; }
teardown() { :; }

podman_of_sbx() {
  podman --storage-driver vfs --runtime "$BATS_FILE_TMPDIR/sbx-oci" --cgroup-manager cgroupfs \
    --events-backend file "$@"
}

# podman_run OPTION... -- COMMAND...
podman_run() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  podman_of_sbx run --network none "${options[@]}" "$SBX_REGISTRY/test/bb:1" "${@:2}"
}

@test "podman run returns what the program prints, and its status" {
  run -7 --separate-stderr podman_run --rm -- sh -c 'echo out; echo err >&2; exit 7'
  assert_output out
  [[ $stderr == *err* ]]
  run -0 --separate-stderr podman_run --rm -i -- cat <<<in
  assert_output in
}

@test "podman run knows a missing program, and one that cannot be run" {
  run -127 podman_run --rm -- nosuch
  assert_contains 'a command that was not found'
  run -126 podman_run --rm -- /etc/passwd
  assert_contains 'Permission denied'
}

@test "podman run has volumes, temporary folders, users and names" {
  mkdir v && echo before >v/read
  run -0 --separate-stderr podman_run --rm -v "$PWD/v:/v" -- sh -c 'cat /v/read; echo after >/v/written'
  assert_output before
  [ "$(cat v/written)" = after ]
  run -1 podman_run --rm -v "$PWD/v:/v:ro" -- touch /v/more
  assert_contains 'Read-only file system'
  run -0 --separate-stderr podman_run --rm --tmpfs /t:size=1m --hostname name -e A=b -w /t -- \
    sh -c 'hostname; pwd; echo $A; touch x'
  assert_output $'name\n/t\nb'
  run -0 --separate-stderr podman_run --rm --user nina --read-only --cap-drop all -- \
    sh -c 'id -u; grep CapBnd /proc/self/status; touch /x 2>&1'' || true'
  assert_output $'1000\nCapBnd:\t0000000000000000\ntouch: /x: Read-only file system'
  run -0 --separate-stderr podman_run --rm --userns keep-id -- id -u
  assert_output "$(id -u)"
}

@test "podman run -t has a terminal" {
  run -0 on_terminal expect:/dev/pts/0 'send:word\r' 'expect:got word' -- \
    podman --storage-driver vfs --runtime "$BATS_FILE_TMPDIR/sbx-oci" --cgroup-manager cgroupfs \
    run --rm -it --network none "$SBX_REGISTRY/test/bb:1" \
    sh -c 'tty; read a; echo got $a'
}

@test "podman keeps a container from its creation to its removal" {
  local script='trap "exit 3" TERM; echo up; while :; do sleep 0.1; done'
  podman_run -d --name box -- sh -c "$script" >id
  eventually sh -c "podman --storage-driver vfs logs box | grep -qx up"
  run -0 --separate-stderr podman_of_sbx exec box cat /proc/1/cmdline
  assert_contains 'exit 3'
  run -9 podman_of_sbx exec box sh -c 'exit 9'
  run -127 podman_of_sbx exec box nosuch
  run -0 --separate-stderr podman_of_sbx exec -u 1000 -e A=b -w /tmp box sh -c 'id -u; echo $A; pwd'
  assert_output $'1000\nb\n/tmp'
  run -0 podman_of_sbx stop -t 20 box
  run -0 --separate-stderr podman_of_sbx inspect -f '{{.State.Status}} {{.State.ExitCode}}' box
  assert_output 'exited 3'
  run -0 podman_of_sbx start box
  run -0 podman_of_sbx kill box
  run -0 --separate-stderr podman_of_sbx wait box
  assert_output 137
  run -0 podman_of_sbx rm box
}

@test "podman build runs commands" {
  printf '%s\n' "FROM $SBX_REGISTRY/test/bb:1" 'RUN echo built >/built && id -u >>/built' \
    'USER nina' 'RUN id -u >/tmp/user' >Containerfile
  run -0 podman_of_sbx build -q --isolation oci --network none -t built .
  run -0 --separate-stderr podman_of_sbx run --rm --network none built \
    cat /built /tmp/user
  assert_output $'built\n0\n1000'
  printf '%s\n' "FROM $SBX_REGISTRY/test/bb:1" 'RUN exit 5' >Containerfile
  run -5 podman_of_sbx build -q --isolation oci --network none -t failed .
}

@test "podman run has hooks run" {
  mkdir hooks
  jq -n --arg script "cat >$PWD/state" '{version: "1.0.0", when: {always: true},
    stages: ["createRuntime"], hook: {path: "/bin/sh", args: ["sh", "-c", $script]}}' >hooks/x.json
  run -0 --separate-stderr podman_of_sbx --hooks-dir "$PWD/hooks" run --rm --network none \
    "$SBX_REGISTRY/test/bb:1" true
  [ "$(jq -r .status state)" = creating ]
  [ -d "$(jq -r .bundle state)" ] || [ "$(jq .pid state)" -gt 1 ]
}

@test "podman leaves nothing of its containers" {
  [ -z "$(podman_of_sbx ps -aq)" ]
  [ -z "$(ls "$XDG_RUNTIME_DIR/sbx/oci")" ]
}
