load hostile

setup_file() { make_layouts rt-etcfiles; }
teardown_file() { remove_layouts; }

# box runs, and in its volume /m a folder `a` changes places with a link to the canary all the time.
start_exchange() {
  have bb
  mkdir -p volume/a
  echo mine | tee volume/a/secret >volume/a/kept
  ln -s "$SBX_CANARY" volume/b
  "$SBX_PROGRAM" run --network none --name box -v ./volume:/m localhost/bb \
    sh -c 'touch /up; sleep 1000' 3>&- &
  box=$!
  eventually sbx exec box test -e /up
  python3 "$BATS_TEST_DIRNAME/exchange.py" volume/a volume/b 3>&- &
  swapper=$!
}

end_exchange() {
  kill $swapper
  sbx rm -f box
  assert_ends_with 137 $box
  canary_is_untouched
}

@test "what a container exchanges for links does not lead cp out of it" {
  start_exchange
  local i
  echo planted >in
  mkdir tree
  echo planted >tree/planted
  for i in $(turns 80); do
    rm -rf out
    run sbx cp box:/m/a/secret out
    [ ! -e out ] || [ "$(<out)" = mine ]
    rm -rf out
    run sbx cp -L box:/m/a out
    [ ! -L out ]
    [ ! -e out/full/kept ]
    run sbx cp in box:/m/a/planted
    run sbx cp tree box:/m/a/full
    run bash -c 'tar -c tree | "$SBX_PROGRAM" cp - box:/m/a'
  done
  end_exchange
}

@test "what a container exchanges for links does not lead export or diff out of it" {
  have bb
  "$SBX_PROGRAM" run --network none --name box localhost/bb sh -c "mkdir /d; echo mine >/d/secret
    ln -s $SBX_CANARY /l; touch /up; while :; do mv /d /t; mv /l /d; mv /d /l; mv /t /d; done" 3>&- &
  local box=$! i
  eventually sbx exec box test -e /up
  for i in $(turns 100); do
    run bash -c '"$SBX_PROGRAM" export box | grep -a "the secret"'
    assert_output ''
    run sbx diff box
    refute_contains full
  done
  sbx rm -f box
  assert_ends_with 137 $box
  canary_is_untouched
}

@test "what a container exchanges for links does not lead commit out of it" {
  have bb
  "$SBX_PROGRAM" run --network none --name box localhost/bb sh -c "mkdir /d; echo mine >/d/secret
    ln -s $SBX_CANARY /l; touch /up; while :; do mv /d /t; mv /l /d; mv /d /l; mv /t /d; done" 3>&- &
  local box=$! i
  eventually sbx exec box test -e /up
  for i in $(turns 40); do
    run -0 sbx commit -q box localhost/made
    run -0 sbx commit -q --squash box localhost/made
  done
  run bash -c 'for blob in "$XDG_DATA_HOME"/sbx/images/blobs/sha256/*; do gzip -dcf "$blob"; done | grep -a "the secret"'
  assert_output ''
  sbx rm -f box
  assert_ends_with 137 $box
  canary_is_untouched
}

@test "an image made of a container has none of its secrets" {
  have bb
  printf 'the secret' | sbx secret create token -
  sbx run --network none --name box --secret token --secret token,type=env,target=TOKEN \
    --secret token,target=/etc/token localhost/bb sh -c 'cat /run/secrets/token /etc/token; env'
  run -0 sbx commit -q box localhost/made
  run -0 sbx commit -q --squash box localhost/squashed
  run bash -c 'for blob in "$XDG_DATA_HOME"/sbx/images/blobs/sha256/*; do gzip -dcf "$blob"; done | grep -a "the secret"'
  assert_output ''
  run -0 bash -c '"$SBX_PROGRAM" inspect localhost/made localhost/squashed | grep -c TOKEN; true'
  assert_output 0
}

@test "programs and libraries of a container are not run to copy its files" {
  have bb
  sbx run --network none --name box localhost/bb sh -c '
    printf "#!/bin/sh\ntouch /pwn\n" >/bin/tar; chmod 755 /bin/tar
    for n in gzip unpigz xz zstd; do rm -f /bin/$n; cp /bin/tar /bin/$n; done
    mkdir -p /lib/x86_64-linux-gnu; cp /bin/tar /lib/x86_64-linux-gnu/libnss_files.so.2'
  echo text >file
  tar -czf file.tar.gz file
  run -0 sbx cp - box:/tmp <file.tar.gz
  run -0 sbx cp file box:/tmp/again
  run -0 bash -c '"$SBX_PROGRAM" export box | tar -t'
  refute_contains pwn
  [ ! -e /pwn ]
}

@test "a folder that is deeper than descriptors reach is no way to hang export" {
  have bb
  sbx run --network none --name box localhost/bb sh -c '
    i=0; while [ $i -lt 1500 ]; do mkdir d; cd d; i=$((i + 1)); done'
  run timeout 60 "$SBX_PROGRAM" export -o box.tar box
  [ "$status" -eq 0 ] || { [ "$status" -eq 125 ] && [ ! -e box.tar ]; }
  assert_plain
  run timeout 60 "$SBX_PROGRAM" diff box
  [ "$status" -eq 0 ] || [ "$status" -eq 125 ]
}

@test "what a container exchanges for links does not lead volume export out of the volume" {
  have bb
  sbx run --rm -v v:/v localhost/bb sh -c "echo mine >/v/f; ln -s $SBX_CANARY/secret /v/l; mkdir /v/d; ln -s $SBX_CANARY /v/m"
  local data=$XDG_DATA_HOME/sbx/volumes/v/data i
  python3 "$BATS_TEST_DIRNAME/exchange.py" "$data/f" "$data/l" 3>&- &
  local files=$!
  python3 "$BATS_TEST_DIRNAME/exchange.py" "$data/d" "$data/m" 3>&- &
  local folders=$!
  for i in $(turns 100); do
    run bash -c '"$SBX_PROGRAM" volume export v 2>/dev/null | grep -a "the secret"'
    assert_output ''
    run bash -c 'mkdir -p d && echo planted >d/planted && tar -c d | "$SBX_PROGRAM" volume import v -'
  done
  kill $files $folders
  canary_is_untouched
}
