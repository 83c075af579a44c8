# buildah, as an ordinary user, with sbx in the place of its runtime.
load ../support/sbx

# One home for all of them: its images are made once.
setup_file() {
  export BATS_NO_PARALLELIZE_WITHIN_FILE=true
  export HOME=$BATS_FILE_TMPDIR/home XDG_RUNTIME_DIR=$BATS_FILE_TMPDIR/run
  mkdir -p -m 700 "$HOME/.config/containers" "$XDG_RUNTIME_DIR"
  echo '{"default": [{"type": "insecureAcceptAnything"}]}' >"$HOME/.config/containers/policy.json"
  ln -s "$SBX_PROGRAM" "$BATS_FILE_TMPDIR/sbx-oci"
  export BUILDAH_ISOLATION=oci BUILDAH_RUNTIME=$BATS_FILE_TMPDIR/sbx-oci STORAGE_DRIVER=vfs
  buildah pull -q --tls-verify=false "$SBX_REGISTRY/test/bb:1"
}

teardown_file() { unshare --map-auto --map-root-user rm -rf "$HOME"; }

setup() { cd "$BATS_TEST_TMPDIR" || return; }
teardown() { :; }

# buildah_run OPTION... -- COMMAND...
buildah_run() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  buildah run --runtime "$BUILDAH_RUNTIME" --network none "${options[@]}" work -- "${@:2}"
}

@test "buildah runs commands in a container from an image, and commits what they made" {
  run -0 buildah from -q --name work "$SBX_REGISTRY/test/bb:1"
  run -0 --separate-stderr buildah_run -- sh -c 'echo made >/made; id -u'
  assert_output 0
  run -0 --separate-stderr buildah_run --user nina --env A=b --workingdir /tmp --hostname name -- \
    sh -c 'id -u; echo $A; pwd; hostname'
  assert_output $'1000\nb\n/tmp\nname'
  run -7 buildah_run -- sh -c 'exit 7'
  run -0 buildah commit -q work made
  run -0 buildah rm work
  run -0 buildah from -q --name work localhost/made
  run -0 --separate-stderr buildah_run -- cat /made
  assert_output made
  run -0 buildah rm work
}

@test "buildah run has volumes, and says what could not be run" {
  mkdir v && echo before >v/read
  run -0 buildah from -q --name work "$SBX_REGISTRY/test/bb:1"
  run -0 --separate-stderr buildah_run -v "$PWD/v:/v" -- sh -c 'cat /v/read; echo after >/v/written'
  assert_output before
  [ "$(cat v/written)" = after ]
  run -1 buildah_run -- nosuch
  assert_contains "run 'nosuch': "
  run -0 buildah rm work
}

@test "buildah bud runs the commands of a Containerfile" {
  printf '%s\n' "FROM $SBX_REGISTRY/test/bb:1" 'RUN echo built >/built && id -u >>/built' \
    'USER nina' 'RUN id -u >/tmp/user' >Containerfile
  run -0 buildah bud -q --runtime "$BUILDAH_RUNTIME" --network none -t built .
  run -0 buildah from -q --name work localhost/built
  run -0 --separate-stderr buildah_run -- cat /built /tmp/user
  assert_output $'built\n0\n1000'
  run -0 buildah rm work
  printf '%s\n' "FROM $SBX_REGISTRY/test/bb:1" 'RUN exit 5' >Containerfile
  run -5 buildah bud -q --runtime "$BUILDAH_RUNTIME" --network none -t failed .
}

@test "buildah leaves nothing of its containers" {
  [ -z "$(buildah containers -q)" ]
  [ -d "$XDG_RUNTIME_DIR/sbx/oci" ]
  [ -z "$(ls "$XDG_RUNTIME_DIR/sbx/oci")" ]
}
