# What every command test starts from: a store of its own, and what sbx is asked to do in it.
#
# SBX_PROGRAM is the program under test. Each test has its own home, store and runtime folder below
# $BATS_TEST_TMPDIR; the images of make-images are in $SBX_IMAGES, as oci:$SBX_IMAGES:NAME, and in
# the registry $SBX_REGISTRY as test/NAME:1 (see tests/support/suite.bash).
bats_require_minimum_version 1.5.0

setup() {
  export HOME=$BATS_TEST_TMPDIR/home
  export XDG_DATA_HOME=$HOME/data XDG_CONFIG_HOME=$HOME/config XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/run
  mkdir -p -m 700 "$HOME" "$XDG_CONFIG_HOME/sbx" "$XDG_RUNTIME_DIR"
  unset REGISTRY_AUTH_FILE DOCKER_CONFIG NO_COLOR
  cd "$HOME" || return
  if [ -n "${SBX_REGISTRY:-}" ]; then
    printf '[registry."%s"]\ninsecure = true\n' "$SBX_REGISTRY" "$SBX_PRIVATE_REGISTRY" \
      >"$XDG_CONFIG_HOME/sbx/sbx.toml"
  fi
}

# What a test leaves may belong to other ids of its user's range. No process may be left, no mount.
teardown() {
  local left i
  for i in {1..40}; do # what has told of its end may still be on its way out
    left=$(processes_left)
    [ -n "$left" ] || break
    sleep 0.05
  done
  unshare --map-auto --map-root-user rm -rf "$BATS_TEST_TMPDIR/home" "$BATS_TEST_TMPDIR/run"
  [ -z "$left" ] || { echo "left running: $left" && kill -9 $left; return 1; }
}

# Processes that this test's sbx left: their environment names its runtime folder. Its program is ours,
# or what it runs of itself: a copy in memory.
processes_left() {
  local environ pid
  for environ in $(grep -lszx "XDG_RUNTIME_DIR=$XDG_RUNTIME_DIR" /proc/[0-9]*/environ); do
    pid=${environ//[!0-9]/}
    if [ "/proc/$pid/exe" -ef "$SBX_PROGRAM" ] || [[ $(readlink "/proc/$pid/exe") == /memfd:* ]]; then
      echo "$pid"
    fi
  done
}

sbx() { "$SBX_PROGRAM" "$@"; }

# The images that tests run: "bb" is busybox in one layer, "app" sets every field of a config over
# several layers, with files deleted and replaced.
have() {
  local name id
  for name; do
    id=$(sbx pull -q "oci:$SBX_IMAGES:$name") && sbx tag "$id" "localhost/$name" || return
    sbx untag "$id" "localhost/images:$name"
  done
}

# Waits until the command succeeds; fails after 20 s.
eventually() {
  local end=$((SECONDS + 20))
  until "$@"; do
    [ $SECONDS -lt $end ] || { echo "never: $*"; return 1; }
    sleep 0.05  # no substitution: the caller may need its $!
  done
}

# Counts as far as a race is to be run, for `for`: as often as said, or as $SBX_TEST_TURNS says.
turns() { seq "${SBX_TEST_TURNS:-$1}"; }

# The process, a child of this shell, ends with this status.
assert_ends_with() {
  local status=0
  wait "$2" || status=$?
  [ $status -eq "$1" ] || { echo "ended with $status, not $1" && return 1; }
}

# The whole of $output, or the one line of $lines, is this.
assert_output() { [ "$output" = "$1" ] || { printf 'expected: %s\ngot:      %s\n' "$1" "$output"; return 1; }; }
assert_contains() { [[ $output == *"$1"* ]] || { printf 'expected in it: %s\ngot: %s\n' "$1" "$output"; return 1; }; }
refute_contains() { [[ $output != *"$1"* ]] || { printf 'not expected: %s\ngot: %s\n' "$1" "$output"; return 1; }; }

# A label for containers whose processes are looked for: nobody else's command line has it.
own_label() { echo "test=$BATS_TEST_TMPDIR"; }

# The process that relays the ports of a container that was started with that label: it looks like
# the monitor, and is nobody's child.
relay_of() {
  local first monitor
  first=$(sbx inspect --format '{{.State.Pid}}' "$1")
  read -r _ _ _ monitor _ <"/proc/$first/stat"
  pgrep -f -- "--label $(own_label) " | grep -vx -e "$first" -e "$monitor"
}

# A command on a terminal of its own: see terminal.py.
on_terminal() { python3 "$BATS_TEST_DIRNAME/../support/terminal.py" "$@"; }
