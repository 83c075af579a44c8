# Kernels, and sandboxes around sbx, that lack a system call: a container or an image is what it is
# elsewhere, or there is none. Root installs the filter; sbx runs as sbx-test.
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
    run -125 without $call run --rm --network none localhost/images:bb echo it-started
    assert_contains 'Function not implemented'
    assert_contains "cannot run 'localhost/images:bb'"
    refute_contains it-started
  done
}

# An image that holds busybox and what is made of it here.
archive() {
  mkdir -p root/bin root/tree/deep
  cp /bin/busybox root/bin/busybox
  ln -sf ../bin/busybox root/tree/link && echo text >root/tree/deep/file
  tar --owner=0 --group=0 -C root -cf root.tar .
}

# What it holds, as a container sees it.
show() {
  user_sbx run --rm --network none "$1" /bin/busybox ash -c 'b() { /bin/busybox "$@"; }
    b find /bin /tree | b sort; b stat -c "%n %a %u %g %s" /bin/busybox /tree /tree/deep/file
    b readlink /tree/link; b sha256sum /bin/busybox /tree/deep/file'
}

@test "an archive is unpacked without these as with them" {
  local call expected
  archive
  user_sbx import -q root.tar one
  expected=$(show one)
  [[ $expected == *'../bin/busybox'* ]]
  for call in mount_setattr open_tree statx memfd_create renameat2 \
    landlock_create_ruleset; do
    echo "without $call:"
    run -0 without $call import -q root.tar two
    run -0 show two
    assert_output "$expected"
    user_sbx rmi -f two
  done
}

@test "an archive is not unpacked without these, and leaves no image" {
  local call
  archive
  for call in openat2 clone3 pidfd_open close_range landlock_add_rule landlock_restrict_self; do
    echo "without $call:"
    run -125 without $call import -q root.tar three
    assert_contains "cannot import 'root.tar'"
    run -0 user_sbx images -q three
    assert_output ''
  done
}

@test "a load names what the process that reads the archive lacks" {
  local call
  skopeo copy -q --insecure-policy "oci:$PLACE/images:bb" docker-archive:saved.tar:localhost/saved:1
  for call in close_range landlock_restrict_self clone3; do
    echo "without $call:"
    run -125 without $call load -q -i saved.tar
    assert_contains "'saved.tar': "
    assert_contains 'Function not implemented'
  done
  run -0 without memfd_create load -q -i saved.tar
  run -0 user_sbx run --rm --network none localhost/saved:1 echo started
  assert_output started
}
