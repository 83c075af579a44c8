# For tests against images and registries that were made to do harm.
#
# SBX_CANARY is a folder outside of everything that sbx has to do with: a file `secret`, a folder
# `full`, and what tests find there again as they left it. Its path is short: it has to fit into the
# 100 bytes of a tar header.
load ../support/sbx
export LC_ALL=C.UTF-8

make_layouts() {
  export SBX_CANARY SBX_LAYOUTS=$BATS_FILE_TMPDIR/layouts
  SBX_CANARY=$(mktemp -d /tmp/canary.XXXXXX)
  mkdir "$SBX_CANARY/full"
  echo 'the secret' | tee "$SBX_CANARY/secret" >"$SBX_CANARY/full/kept"
  python3 "$BATS_TEST_DIRNAME/layouts.py" "$SBX_LAYOUTS" --canary "$SBX_CANARY" \
    --program /bin/busybox "$@"
  canary >"$BATS_FILE_TMPDIR/canary"
}

remove_layouts() { rm -rf "$SBX_CANARY" "$SBX_LAYOUTS"; }

canary() {
  find "$SBX_CANARY" -printf '%P %y %m %u %g %n %s %T@ %C@ %l\n' | sort
  find "$SBX_CANARY" -type f -exec sha256sum {} +
}

canary_is_untouched() { diff <(canary) "$BATS_FILE_TMPDIR/canary"; }

# All there is in the store, but for what may have come of blobs on their way.
listing() { find "$XDG_DATA_HOME/sbx" -path '*/sbx/partial/*' -prune -o -printf '%y %P\n' | sort; }

# Nothing in $output could steer a terminal.
assert_plain() {
  ! grep -qP '[\x{00}-\x{08}\x{0b}-\x{1f}\x{7f}-\x{9f}\x{202a}-\x{202e}]' <<<"$output" ||
    { printf 'steers terminals: %q\n' "$output"; return 1; }
}

# Pulling it is refused for the reason given, and leaves nothing behind.
refuses() {
  local name=$1 reason=$2 before
  before=$(listing)
  run sbx pull -q "oci:$SBX_LAYOUTS/$name:t"
  [ "$status" -eq 125 ] || { echo "status $status: $output"; return 1; }
  assert_contains "$reason" && assert_plain && canary_is_untouched || return
  diff <(listing) <(echo "$before")
}

# What `command` says of the image's files, which are at /image, in a container of another image.
shows() {
  local name=$1 command=$2
  sbx pull -q "oci:$SBX_LAYOUTS/$name:t" >"$BATS_TEST_TMPDIR/id" || return
  run sbx run --rm --network none --mount "type=image,src=$(<"$BATS_TEST_TMPDIR/id"),dst=/image" \
    localhost/bb sh -c "cd /image && $command"
  [ "$status" -eq 0 ] || { echo "status $status: $output"; return 1; }
  canary_is_untouched
}

# Each line of standard input, "NAME | WORDS", is a case: `function NAME WORDS`.
each() {
  local name words failed=0
  while IFS='|' read -r name words; do
    "$@" "${name%% *}" "${words# }" || { echo "^ case ${name%% *}"; failed=1; }
  done
  return $failed
}
