# Whatever happens in between: the next command works, and nothing half-done is seen.
load ../support/sbx

# The store holds what it holds whole, and does what it is asked.
assert_sound() {
  run -0 sbx images
  run -0 sbx ps -a
  run -0 sbx pull -q "oci:$SBX_IMAGES:app"
  run -0 sbx run --rm --network none --pull never localhost/images:app
  assert_output 'entry default words'
}

# Nothing is left of what did not come to its end, once it has been looked for.
assert_no_leftovers() {
  find "$XDG_DATA_HOME/sbx/layers" -maxdepth 1 -name '.probe-*' -exec touch -d '2 hours ago' {} +
  run -0 sbx image prune --all --force
  mkdir -p "$XDG_DATA_HOME"/sbx/{tmp,trash}
  run -0 find "$XDG_DATA_HOME"/sbx/{tmp,trash,layers,images/blobs/sha256,image-records} \
    -mindepth 1 -not -path '*/layers/l*' -not -path '*/layers/mount-points*'
  assert_output ''
}

# Kills the command, and all that it started, MS milliseconds after its start.
killed_after() {
  local ms=$1
  shift
  setsid timeout --signal=KILL --foreground "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))" \
    "$SBX_PROGRAM" "$@" >/dev/null 2>&1 3>&- || true
}

@test "a pull that is killed leaves nothing half-done" {
  local ms
  for ms in {1..30..3} {40..120..10}; do
    killed_after "$ms" pull -q "oci:$SBX_IMAGES:app"
    sbx images -q >/dev/null
  done
  assert_sound
  sbx rmi -f localhost/images:app
  assert_no_leftovers
}

@test "a pull from a registry that is killed is taken up again" {
  local ms
  for ms in {5..150..12}; do
    killed_after "$ms" pull -q "$SBX_REGISTRY/test/app:1"
    sbx images -q >/dev/null
  done
  run -0 sbx run --rm --network none "$SBX_REGISTRY/test/app:1"
  assert_sound
}

@test "a commit that is killed leaves nothing half-done" {
  have bb
  sbx run --name box --network none localhost/bb sh -c 'mkdir /d; cp /bin/busybox /d; chown -R nina /d; rm -r /home'
  local ms
  for ms in {1..30..3} {40..120..10}; do
    killed_after "$ms" commit box localhost/made
    sbx images -q >/dev/null
  done
  run -0 sbx commit -q box localhost/made
  run -0 sbx run --rm --network none localhost/made ls /d
  assert_output busybox
  sbx rm box
  sbx rmi -f localhost/made
  assert_sound
  sbx rmi -f localhost/images:app localhost/bb
  assert_no_leftovers
}

@test "a run that is killed leaves no process and no mount" {
  have bb
  local ms
  for ms in {1..60..3}; do
    killed_after "$ms" run --rm --name killed --network none localhost/bb sleep 51973
    eventually nothing_runs
    eventually no_sleep_runs
    run -1 grep -F "$XDG_DATA_HOME/sbx" /proc/self/mountinfo
    sbx rm -f killed >/dev/null 2>&1 || true
  done
  run -0 sbx ps -aq
  assert_output ''
  run -0 sbx run --rm --network none localhost/bb echo works
  assert_output works
}

is_running() { sbx ps --format '{{.Names}}' | grep -qx "$1"; }
is_over() { [ -z "$(sbx ps -q)" ]; }
nothing_runs() { [ -z "$(processes_left)" ]; }
no_sleep_runs() { ! pgrep -u "$(id -u)" -fx 'sleep 51973' >/dev/null; }

@test "a monitor that is killed takes its container along" {
  have bb
  sbx run --rm --name c --network none localhost/bb sleep 1000 3>&- &
  local client=$! pid
  eventually is_running c
  kill -9 "$client"
  wait "$client" || true
  for pid in $(processes_left); do kill -9 "$pid"; done
  eventually nothing_runs
  eventually is_over
  run -0 sbx rm -f c
  run -0 sbx run --rm --name c --network none localhost/bb echo again
  assert_output again
}

@test "a runtime folder that is gone means that nothing runs" {
  have bb
  sbx create --name c --network none localhost/bb echo started
  rm -rf "$XDG_RUNTIME_DIR/sbx"
  run -0 sbx ps -a --format '{{.Names}}'
  assert_output c
  run -0 sbx start -a c
  assert_output started
  sbx rm c
}

@test "a runtime folder that goes while a program runs changes nothing of its exit code" {
  have bb
  mkdir -m 777 shared
  "$SBX_PROGRAM" run --rm --network none -v ./shared:/shared localhost/bb \
    sh -c 'touch /shared/up; while [ -e /shared/up ]; do sleep 0.05; done; exit 7' 3>&- &
  local run=$!
  eventually test -e shared/up
  rm -rf "$XDG_RUNTIME_DIR/sbx"
  rm shared/up
  assert_ends_with 7 $run
  run -0 sbx container prune -f
  run -0 sbx ps -aq
  assert_output ''
}

@test "a hundred runs at a time, of an image that nobody had" {
  run -0 bash -c 'seq 100 | xargs -P 20 -I_ "$SBX_PROGRAM" run -q --rm --network none \
    "oci:$SBX_IMAGES:app" | sort | uniq -c'
  assert_output '    100 entry default words'
  run -0 sbx ps -aq
  assert_output ''
}

@test "ten pulls of one image at a time leave one image" {
  run -0 bash -c 'seq 10 | xargs -P 10 -I_ "$SBX_PROGRAM" pull -q "$SBX_REGISTRY/test/app:1" |
    sort -u | wc -l'
  assert_output 1
  run -0 sbx images -q
  [ "${#lines[@]}" -eq 1 ]
  run -0 find "$XDG_DATA_HOME/sbx/partial" "$XDG_DATA_HOME/sbx/tmp" -type f -not -name '*.lock'
  assert_output ''
}

@test "a full disk is said to be full, and what was there works" {
  mkdir disk
  for size in 100k 500k 1500k 2500k; do
    run unshare --map-auto --map-root-user -m bash -c "
      mount -t tmpfs none /run && mount -t tmpfs -o size=$size,mode=700 none disk
      '$SBX_PROGRAM' --root '$HOME/disk/store' pull -q 'oci:$SBX_IMAGES:app'; echo \"status \$?\"
      '$SBX_PROGRAM' --root '$HOME/disk/store' images -q | wc -l
      find disk/store/{layers,images/blobs,tmp} -type f -size +0 | wc -l"
    # What the write was told, or what was found before it.
    [[ $output == *'No space left on device'* || $output == *'the disk is nearly full'* ]]
    assert_contains $'status 125\n0\n0'
  done
}

@test "a file that may not grow is no reason to crash" {
  have bb
  run bash -c "ulimit -f 100; '$SBX_PROGRAM' --root '$HOME/other' pull -q 'oci:$SBX_IMAGES:bb'"
  [ "$status" -eq 125 ]
  assert_contains 'File too large'
}

@test "few descriptors and little memory are said to be too little" {
  have bb
  run bash -c 'ulimit -n 12; "$SBX_PROGRAM" run --rm --network none localhost/bb true'
  [ "$status" -eq 0 ] || assert_contains 'Too many open files'
  run bash -c 'ulimit -v 20000; "$SBX_PROGRAM" run --rm --network none localhost/bb true'
  refute_contains terminate
  run -0 sbx run --rm --network none localhost/bb true 0<&- 2>&-
}

@test "a store that may not be written to can be looked at" {
  have bb
  chmod -R a-w "$XDG_DATA_HOME/sbx"
  run sbx pull -q "oci:$SBX_IMAGES:app"
  [ "$status" -eq 125 ]
  assert_contains 'Permission denied'
  chmod -R u+w "$XDG_DATA_HOME/sbx"
  assert_sound
}

@test "a store that others could write to is refused" {
  have bb
  chmod 777 "$XDG_DATA_HOME/sbx"
  run -125 sbx images
  assert_contains 'can be written to by others'
  chmod 700 "$XDG_DATA_HOME/sbx"
  rm -rf "$XDG_RUNTIME_DIR/sbx" && ln -s "$HOME" "$XDG_RUNTIME_DIR/sbx"
}

@test "a damaged record is named, and others are not in its way" {
  have bb app
  local record
  record=$(find "$XDG_DATA_HOME/sbx/image-records" -name "$(sbx images -q --no-trunc localhost/bb |
    sed 's/sha256://')*")
  for damage in 'truncate -s 20' 'truncate -s 0' 'chmod 000'; do
    cp -p "$record" saved
    $damage "$record"
    run sbx run --rm --network none localhost/bb true
    [ "$status" -eq 125 ]
    assert_contains "$(basename "$record" .json)"
    run -0 sbx run --rm --network none localhost/app
    run -0 sbx images
    assert_contains "an image is damaged: "
    assert_contains localhost/app
    run -0 sbx pull -q "oci:$SBX_IMAGES:app"
    run -0 sbx image prune --force
    assert_contains 'no layers are removed while an image is damaged: '
    mv -f saved "$record"
    run -0 sbx run --rm --network none localhost/bb true
  done
}

@test "a damaged image can be removed, and pulled again" {
  have bb app
  local record id
  id=$(sbx images -q --no-trunc localhost/bb | sed 's/sha256://')
  record=$XDG_DATA_HOME/sbx/image-records/$id.json
  truncate -s 20 "$record"
  run -0 sbx pull -q "oci:$SBX_IMAGES:bb"
  run -0 sbx run --rm --network none --pull never localhost/bb true
  truncate -s 20 "$record"
  run -0 sbx rmi --force "$id"
  assert_contains "Deleted: $id"
  [ ! -e "$record" ]
  run -0 sbx images
  refute_contains damaged
  have bb
  run -0 sbx run --rm --network none --pull never localhost/bb true
}

@test "a damaged layer is unpacked again with the next pull, and can be removed" {
  have bb
  truncate -s 3 "$XDG_DATA_HOME"/sbx/layers/*/record.json
  run -0 sbx run --rm --network none --pull never localhost/bb true
  run -0 sbx pull -q "oci:$SBX_IMAGES:bb"
  run -0 sbx run --rm --network none --pull never localhost/bb true
  [ "$(wc -c < "$(echo "$XDG_DATA_HOME"/sbx/layers/*/record.json | cut -d' ' -f1)")" -gt 3 ]
  truncate -s 3 "$XDG_DATA_HOME"/sbx/layers/*/record.json
  run -0 sbx rmi localhost/bb
  assert_no_leftovers
}

@test "a clock that went back does no harm" {
  have bb
  sbx create --name c --network none localhost/bb echo started
  find "$XDG_DATA_HOME/sbx" -name record.json -exec touch -d '2050-01-01' {} +
  sed -i 's/"20[0-9][0-9]-/"2050-/g' "$XDG_DATA_HOME"/sbx/containers/*/record.json
  run -0 sbx ps -a
  run -0 sbx start -a c
  assert_output started
  sbx rm c
}
