# containerd, as root, with sbx in the place of runc below its shim.
load ../support/sbx

setup_file() {
  export CONTAINERD=$BATS_FILE_TMPDIR/containerd BATS_NO_PARALLELIZE_WITHIN_FILE=true
  mkdir "$CONTAINERD"
  ln -s "$SBX_PROGRAM" "$CONTAINERD/sbx-oci"
  printf '%s\n' 'version = 2' "root = '$CONTAINERD/root'" "state = '$CONTAINERD/state'" \
    'disabled_plugins = ["io.containerd.grpc.v1.cri"]' '[grpc]' "address = '$CONTAINERD/socket'" \
    >"$CONTAINERD/config.toml"
  containerd --config "$CONTAINERD/config.toml" >"$CONTAINERD/log" 2>&1 3>&- &
  echo $! >"$CONTAINERD/pid"
  eventually in_containerd version
  "$BATS_TEST_DIRNAME/../support/make-images" "$CONTAINERD/images"
  tar -C "$CONTAINERD/images" -cf "$CONTAINERD/images.tar" .
  in_containerd images import --base-name test "$CONTAINERD/images.tar"
}

teardown_file() {
  kill "$(cat "$CONTAINERD/pid")"
  assert_ends_with 0 "$(cat "$CONTAINERD/pid")" || true
  rm -rf "$CONTAINERD"
}

setup() { cd "$BATS_TEST_TMPDIR" || return; }
teardown() { :; }

in_containerd() { ctr --address "$CONTAINERD/socket" "$@"; }

# ctr_run OPTION... -- ID COMMAND...
ctr_run() {
  local options=(--snapshotter native --runtime io.containerd.runc.v2
    --runc-binary "$CONTAINERD/sbx-oci")
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  in_containerd run "${options[@]}" test:bb "${@:2}"
}

@test "containerd runs a program, and has its output and status" {
  run -5 --separate-stderr ctr_run --rm -- box sh -c 'echo out; id -u; exit 5'
  assert_output $'out\n0'
  run -0 --separate-stderr ctr_run --rm --env A=b --cwd /tmp -- box sh -c 'echo $A; pwd'
  assert_output $'b\n/tmp'
}

@test "containerd has real root without a user namespace, and volumes of the host" {
  mkdir v && echo before >v/read
  run -0 --separate-stderr ctr_run --rm --mount "type=bind,src=$PWD/v,dst=/v,options=rbind:rw" -- box \
    sh -c 'cat /v/read; echo after >/v/written; cat /proc/self/uid_map | tr -s " "'
  assert_output $'before\n'"$(tr -s ' ' </proc/self/uid_map)"
  [ "$(cat v/written)" = after ]
}

@test "containerd gives a privileged container the devices of the host, and terminals of its own" {
  run -0 --separate-stderr ctr_run --rm --privileged -- box sh -c \
    'readlink /dev/ptmx; ls -l /dev/kmsg | cut -c 1; stat -c %t:%T /dev/pts/ptmx'
  assert_output $'pts/ptmx\nc\n5:2'
}

@test "containerd keeps a task from its creation to its removal" {
  run -0 ctr_run -d -- box sh -c 'trap "exit 3" TERM; while :; do sleep 0.1; done'
  run -0 in_containerd task ls
  assert_contains RUNNING
  run -9 --separate-stderr in_containerd task exec --exec-id one box sh -c 'echo inside; exit 9'
  assert_output inside
  run -0 in_containerd task kill -s TERM box
  eventually sh -c "ctr --address '$CONTAINERD/socket' task ls | grep -q STOPPED"
  run in_containerd task rm box
  assert_contains 'exit code 3'
  run -0 in_containerd container rm box
}

@test "containerd is told what was wrong" {
  run -1 ctr_run --rm -- box /nosuch
  assert_contains 'OCI runtime create failed'
  assert_contains "run '/nosuch': No such file or directory"
}

@test "containerd leaves nothing of its containers" {
  run -0 in_containerd container ls -q
  assert_output ''
  run -0 in_containerd task ls -q
  assert_output ''
}
