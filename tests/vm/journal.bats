# What containers write, in the journal of a systemd, which shows the user dev his own.
load machine

setup_file() { setup_machine; }

teardown() { sbx rm -f -t 0 box >/dev/null 2>&1 || true; }

# journal FIELD...: of all entries of the container `box`, as JSON.
journal() { journalctl -o json CONTAINER_NAME=box; }
has() { [ "$(journal | jq -s "map(select($1)) | length")" = "$2" ]; }

@test "a line is an entry that says whose it is" {
  sbx run -q --name box --log-driver journald --log-opt 'tag={{.Name}}!' --log-opt labels=role \
    --label role=front oci:/payload/images:bb sh -c 'echo hello; echo bad >&2; printf part'
  eventually has '.MESSAGE == "hello" and .PRIORITY == "6"' 1
  eventually has '.MESSAGE == "bad" and .PRIORITY == "3"' 1
  eventually has '.MESSAGE == "part" and .CONTAINER_PARTIAL_MESSAGE == "true"' 1
  [ "$(journal | jq -r 'select(.MESSAGE == "hello") | .SYSLOG_IDENTIFIER, .CONTAINER_TAG, .IMAGE_NAME, .ROLE')" = \
    $'box!\nbox!\noci:/payload/images:bb\nfront' ]
  [ "$(journal | jq -rs '.[0].CONTAINER_ID_FULL')" = "$(sbx inspect --format '{{.Id}}' box)" ]
}

@test "logs reads them, each stream on its own" {
  sbx run -q --name box --log-driver journald oci:/payload/images:bb sh -c \
    'echo one; echo two >&2; printf "\\001\\377three\\n"; head -c 100000 /dev/zero | tr "\\0" x; echo' >/dev/null 2>&1
  whole() { [ "$(sbx logs box 2>/dev/null | wc -c)" = 100013 ]; }
  eventually whole
  run -0 --separate-stderr sbx logs box
  [ "${lines[0]}" = one ]
  [ "${lines[1]}" = $'\001\377three' ]
  [ "$stderr" = two ]
  run -0 sbx logs --tail 1 --since 1h -t box
  [[ $output == 20*Z\ x* ]]
}

@test "logs --follow goes on until the end, and misses nothing" {
  sbx run -q -d --name box --log-driver journald -i oci:/payload/images:bb sh -c 'echo one; read x; seq 2000' 3>&-
  /payload/sbx logs -f box >"$BATS_TEST_TMPDIR/seen" 3>&- &
  local pid=$!
  eventually grep -q one "$BATS_TEST_TMPDIR/seen"
  echo | sbx attach box >/dev/null
  wait $pid
  [ "$(<"$BATS_TEST_TMPDIR/seen")" = "$(echo one; seq 2000)" ]
}

@test "what ran with --rm can still be read" {
  sbx run -q --rm --name gone --log-driver journald oci:/payload/images:bb echo bye
  is_there() { [ "$(journalctl -o cat CONTAINER_NAME=gone)" = bye ]; }
  eventually is_there
}
