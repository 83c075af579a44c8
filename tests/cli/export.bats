load ../support/sbx

runs() { [ "$(sbx inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }

# Changes that a tar archive has to say something of.
change() {
  cat <<'SCRIPT'
    mkdir -p /a/b; echo text >/a/b/file; ln /a/b/file /a/hard; ln -s /etc/shadow /a/link
    mkfifo /a/fifo; chown -R nina /a/b; chmod 4750 /a/b/file; rm /etc/group
    touch -d '2001-02-03 04:05:06' /a/hard; touch "/a/$(printf 'odd\033name')"
SCRIPT
}

@test "export writes the merged tree of a container, stopped or running, with owners as inside" {
  have bb
  sbx run --name box localhost/bb sh -c "$(change)"
  run -0 sbx export -o box.tar box
  run -0 tar --numeric-owner -tvf box.tar a etc
  assert_contains '-rwsr-x--- 1000/0'
  assert_contains 'link -> /etc/shadow'
  assert_contains ' 2001-02-03 '
  [[ $output == *'a/hard link to a/b/file'* || $output == *'a/b/file link to a/hard'* ]]
  [[ $output == *$'\n'prw*a/fifo* ]]
  assert_contains 'etc/passwd'
  refute_contains 'etc/group'
  tar -tf box.tar a | grep -F 'odd\033name'

  "$SBX_PROGRAM" run --name live localhost/bb sh -c "$(change); touch /done; sleep 1000" 3>&- &
  local pid=$!
  eventually sbx exec live test -e /done
  run -0 bash -c '"$SBX_PROGRAM" export live | tar --numeric-owner -tv a/b/file a/hard'
  assert_contains '-rwsr-x--- 1000/0'
  assert_contains ' link to '
  sbx rm -f live
  assert_ends_with 137 $pid
}

@test "export leaves out what is mounted, and keeps what is below it" {
  have bb app
  mkdir host
  echo secret >host/secret
  "$SBX_PROGRAM" run --name live -v ./host:/mnt/host --entrypoint sleep localhost/app 1000 3>&- &
  local pid=$!
  eventually runs live
  run -0 bash -c '"$SBX_PROGRAM" export live | tar -x -O data/seed'
  assert_output seed
  run -0 bash -c '"$SBX_PROGRAM" export live | tar -t'
  assert_contains 'proc/'
  assert_contains 'mnt/host/'
  refute_contains secret
  refute_contains 'proc/1'
  refute_contains 'dev/null'
  refute_contains 'sys/fs'
  sbx rm -f live
  assert_ends_with 137 $pid
}

@test "what export writes, import makes an image of that runs" {
  have bb
  sbx run --name box localhost/bb sh -c "$(change)"
  sbx export box | sbx import -q -c 'CMD ["sh", "-c", "cat /a/hard; stat -c %u:%a /a/b/file"]' - localhost/again
  run -0 sbx run --rm localhost/again
  assert_output $'text\n1000:4750'
}

@test "names of whiteouts in a container are names like any other to export" {
  have bb
  sbx run --name box localhost/bb sh -c 'touch /etc/.wh.passwd /etc/.wh..wh..opq'
  run -0 bash -c '"$SBX_PROGRAM" export box | tar -t etc'
  assert_contains etc/passwd
  assert_contains etc/.wh.passwd
  assert_contains etc/.wh..wh..opq
}

@test "export of a container that was never started, of names it does not know, and to a terminal" {
  have bb
  sbx create --name box localhost/bb true
  run -0 bash -c '"$SBX_PROGRAM" export box | tar -t bin/sh'
  assert_output bin/sh
  run -125 sbx export nosuch
  assert_contains "there is no container 'nosuch'"
  run -125 sbx export -o /no/such/file box
  assert_contains "--output: make file '/no/such/file'"
  run -125 bash -c '"$SBX_PROGRAM" export box 2>&1 >/dev/full'
  assert_contains 'No space left on device'
  run on_terminal -- "$SBX_PROGRAM" export box
  assert_contains 'does not belong on a terminal'
  run -0 sbx start -a box
}

@test "a container under way cannot lead export to files of the host" {
  have bb
  mkdir canary
  echo out-of-reach >canary/secret
  "$SBX_PROGRAM" run --name live localhost/bb sh -c "mkdir /d; echo inside >/d/secret
    ln -s $PWD/canary /l; while :; do mv /d /t; mv /l /d; mv /d /l; mv /t /d; done" 3>&- &
  local pid=$! i
  eventually runs live
  for i in {1..40}; do
    run bash -c '"$SBX_PROGRAM" export live | tar -x -O d/secret'
    refute_contains out-of-reach
  done
  sbx rm -f live
  assert_ends_with 137 $pid
}
