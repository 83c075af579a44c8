# A Debian of today, pulled from a registry and run by an ordinary user.
load ../support/sbx

# Pulled once: tests only read it, or change a container of their own. One after the other, as all
# who use a store use one runtime folder, and each test has its own.
setup_file() {
  export BATS_NO_PARALLELIZE_WITHIN_FILE=true
  export SBX_ROOT=$BATS_FILE_TMPDIR/store
  sbx pull -q --tls-verify=false "$SBX_REGISTRY/test/debian:1"
}

teardown_file() { unshare --map-auto --map-root-user rm -rf "$SBX_ROOT"; }

debian() { sbx run --rm --network none "${@:2}" "$SBX_REGISTRY/test/debian:1" bash -c "$1"; }

@test "every file of every package is as its package says" {
  run -0 debian 'dpkg --verify | grep -vE " /usr/share/(doc|man)(/|$)"; dpkg --audit'
  assert_output ''
  run -0 debian 'stat -c "%A %U %G" /etc/shadow /var/mail /usr/bin/passwd /tmp'
  assert_output '-rw-r----- root shadow
drwxrwsr-x root mail
-rwsr-xr-x root root
drwxrwxrwt root root'
}

@test "hard links are one file" {
  run -0 debian 'cd /usr/bin && stat -c %h perl && [ perl -ef perl5.[0-9]*.[0-9] ] && echo same'
  assert_output '2
same'
}

@test "a layer deletes, replaces and adds what the one below has" {
  run -0 debian 'ls -A /usr/share/man; cat /etc/motd; stat -c %u:%g /srv/added
    ls /usr/share/doc || true'
  assert_output "only
replaced
1000:1000
ls: cannot access '/usr/share/doc': No such file or directory"
}

@test "set-user-ID programs work" {
  run -0 debian 'su games -s /bin/sh -c "id -un"'
  assert_output games
  run -0 debian 'passwd -S games' --user games
  assert_contains 'games L '
}

@test "users and groups are made, and own what they make" {
  run -0 debian 'useradd --create-home nina && su nina -c "touch ~/new && stat -c %U:%G ~/new"'
  assert_output nina:nina
}

# Its methods run as the user _apt, who may not read what root alone may.
@test "apt-get changes to its own user" {
  run -0 debian 'mkdir /repo && touch /repo/Packages && rm -rf /etc/apt/sources.list* &&
    echo "deb [trusted=yes] file:/repo ./" >/etc/apt/sources.list && apt-get update'
  refute_contains unsandboxed
  assert_contains 'Reading package lists'
}

@test "a shell on a terminal does what it is told" {
  local shell="$SBX_PROGRAM run --rm -it --network none $SBX_REGISTRY/test/debian:1 bash --norc"
  run -5 script -qefc "$shell" /dev/null < <(printf 'stty size\necho $((6 * 7)); tty\nexit 5\n')
  assert_contains 42
  assert_contains /dev/pts/0
}

@test "other tools read sbx's store as the OCI layout it is" {
  local layout=$SBX_ROOT/images name
  name=$(umoci ls --layout "$layout")
  umoci --log=error unpack --rootless --image "$layout:$name" "$HOME/bundle"
  [ "$(cat "$HOME/bundle/rootfs/etc/motd")" = replaced ]
  [ ! -e "$HOME/bundle/rootfs/usr/share/doc" ]
  chmod -R u+rwX "$HOME/bundle"
  skopeo --insecure-policy copy -q "oci:$layout:$name" "dir:$HOME/copy"
  cmp "$HOME/copy/manifest.json" "$SBX_DEBIAN/blobs/sha256/$(
    jq -r '.manifests[0].digest' "$SBX_DEBIAN/index.json" | cut -d: -f2)"
}
