# Kernels, and sandboxes around sbx, that lack a system call: the container is what it is elsewhere,
# or there is none and sbx names what is missing. Root installs the filter; sbx runs as sbx-test.
load ../support/sbx

readonly PLACE=$BATS_FILE_TMPDIR/place

setup_file() {
  export BATS_NO_PARALLELIZE_WITHIN_FILE=true
  mkdir "$PLACE"
  "$BATS_TEST_DIRNAME/../support/make-images" "$PLACE/images"
  mkdir -m 700 "$PLACE/run"
  chown -R sbx-test: "$PLACE"
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_SUITE_TMPDIR" "${BATS_FILE_TMPDIR%/*}" "$BATS_FILE_TMPDIR"
  user_sbx pull -q "oci:$PLACE/images:bb"
}

teardown_file() { rm -rf "$PLACE"; }
setup() { cd "$PLACE" || return; }
teardown() {
  run -0 user_sbx ps -aq
  assert_output ''
}

readonly as_user=(setpriv --reuid=sbx-test --regid=sbx-test --init-groups --reset-env
  env "HOME=$PLACE" "XDG_RUNTIME_DIR=$PLACE/run" "PATH=$PATH" LC_ALL=C.UTF-8 "$SBX_PROGRAM")

user_sbx() { "${as_user[@]}" "$@"; }

# without CALL ARGUMENT...
without() { "$BATS_TEST_DIRNAME/../support/without.py" "$1" "${as_user[@]}" "${@:2}"; }

# What holds a container: ids, capabilities, filters, what is mounted and how, what is open.
readonly held='grep -E "^(Uid|Gid|Groups|NoNewPrivs|Cap|Seccomp:)" /proc/self/status
  cut -d " " -f 5,6 /proc/self/mountinfo; ls /proc/self/fd; echo >/proc/sys/kernel/hostname'

readonly running=(run --rm --network none localhost/images:bb sh -c "$held")

@test "what sbx can do without changes nothing about a container" {
  local call expected
  expected=$(user_sbx "${running[@]}" 2>&1 || true)
  [[ $expected == *CapEff* && $expected == */sys/firmware* ]]
  for call in statx memfd_create landlock_create_ruleset renameat2 faccessat2 execveat keyctl \
    pidfd_send_signal epoll_pwait2; do
    run without $call "${running[@]}"
    echo "without $call:"
    assert_output "$expected"
  done
}

@test "what sbx cannot do without is named, and starts nothing" {
  local call
  for call in openat2 mount_setattr open_tree move_mount fsopen fsconfig fsmount clone3 pidfd_open \
    close_range; do
    echo "without $call:"
    run -125 without $call run --rm --network none localhost/images:bb echo ran
    assert_contains 'Function not implemented'
    assert_contains "cannot run 'localhost/images:bb'"
    refute_contains ran
  done
}

@test "an archive is unpacked as elsewhere, or not at all" {
  local call id expected
  tar -C / -czf rootfs.tar.gz bin/busybox 2>/dev/null || tar -czf rootfs.tar.gz -C /usr bin/busybox
  chmod 644 rootfs.tar.gz
  expected=$(user_sbx import -q rootfs.tar.gz one)
  for call in openat2 mount_setattr open_tree clone3 pidfd_open close_range statx memfd_create renameat2 \
    landlock_create_ruleset landlock_restrict_self; do
    echo "without $call:"
    run without $call import -q rootfs.tar.gz two
    if [ "$status" -eq 0 ]; then
      run -0 user_sbx run --rm --network none two /bin/busybox echo ran
      assert_output ran
    else
      assert_contains "cannot import 'rootfs.tar.gz'"
    fi
    user_sbx rmi -f two || true
  done
}
