# Containers of the kernel suite where a system call is missing: a test finds what it finds elsewhere,
# or sbx names what it lacks. None hangs, dies, or finds a container that holds less.
#
# Without clone3 the tests themselves start nothing, and without pidfd_open containers have one user
# alone: missing_calls.bats has these.
load ../support/sbx

readonly PLACE=$BATS_FILE_TMPDIR/place

setup_file() {
  install -d -m 700 -o sbx-test "$PLACE"
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_SUITE_TMPDIR" "${BATS_FILE_TMPDIR%/*}" "$BATS_FILE_TMPDIR"
}

setup() { cd / || return; }
teardown() { :; }

# Whole containers: their mounts, their programs, what they may do; a runtime's life of them, and exec.
readonly CONTAINERS='FirstProcess.*:Bind.*:Tmpfs.*:Dev.*:Masked.*:ReadOnly.*:Program.*:DirectoryRoot.*:Create.*:ExecuteIn.*:Driver/CopiedImage.*'
# What tells of a filter finds the one that takes the call away.
readonly OF_FILTERS='*IsFilteredOnceWhoeverItRunsAs*'

# without CALL: what kernel-tests prints. What a test could not end, for want of the call, ends with it.
without() {
  timeout 900 unshare --fork --kill-child --pid --mount-proc \
    "$BATS_TEST_DIRNAME/../support/without.py" "$1" setpriv --reuid=sbx-test --regid=sbx-test --init-groups --reset-env \
    env "HOME=$PLACE" "TMPDIR=$PLACE" "PATH=$PATH" LC_ALL=C.UTF-8 SBX_TEST_STRICT=1 \
    SBX_TEST_SHOW_FAILURES=1 "SBX_TESTS=$BATS_TEST_DIRNAME/.." "SBX_PROGRAM=$SBX_PROGRAM" \
    "${SBX_PROGRAM%/*}/tests/kernel-tests" "--gtest_filter=$CONTAINERS-*OfRealRoot*:$OF_FILTERS" 2>&1 || true
}

# misses nothing|something CALL...
misses() {
  local call
  for call in "${@:2}"; do
    echo "without $call:"
    without "$call" >"$BATS_TEST_TMPDIR/$call"
    python3 "$BATS_TEST_DIRNAME/../support/missed.py" "$1" <"$BATS_TEST_TMPDIR/$call"
  done
}

@test "containers are the same without calls that sbx does without" {
  misses nothing statx renameat2 landlock_create_ruleset
}

@test "containers miss by name the calls that sbx needs" {
  misses something openat2 mount_setattr open_tree move_mount fsopen close_range
}
