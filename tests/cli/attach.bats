load ../support/sbx

@test "attach hands on input and shows what comes, with the status of the program" {
  have bb
  sbx run -di --name box localhost/bb sh -c 'echo before; read x; echo got $x; exit 4' >/dev/null
  eventually grep -q before <("$SBX_PROGRAM" logs box)
  run -4 bash -c 'echo typed | "$SBX_PROGRAM" attach box'
  assert_output 'got typed'
}

@test "the end of the input of attach is one for the container" {
  have bb
  sbx run -di --name box localhost/bb sh -c 'wc -c; exit 3' >/dev/null
  run -3 bash -c 'head -c 200000 /dev/zero | "$SBX_PROGRAM" attach box'
  assert_output 200000
}

@test "attach takes up a terminal, and its keys leave it" {
  have bb
  sbx run -dit --name box localhost/bb sh -c 'read x; echo got $x; read y; exit 5' >/dev/null
  run -0 on_terminal 'send:one\r' 'expect:got one' 'send:\x10\x11' -- "$SBX_PROGRAM" attach box
  run -5 on_terminal 'send:two\r' -- "$SBX_PROGRAM" attach --latest
}

@test "attach --no-stdin looks on" {
  have bb
  sbx run -di --name box localhost/bb sh -c 'read x; echo got $x' >/dev/null
  echo ignored | "$SBX_PROGRAM" attach --no-stdin box >seen &
  local pid=$!
  sleep 0.3
  echo typed | "$SBX_PROGRAM" attach box
  wait $pid
  [ "$(<seen)" = 'got typed' ]
}

@test "attach passes signals on, or leaves" {
  have bb
  sbx run -d --name box localhost/bb sh -c 'trap "exit 6" TERM; echo up; while :; do sleep 0.05; done' >/dev/null
  eventually grep -q up <("$SBX_PROGRAM" logs box)
  "$SBX_PROGRAM" attach --sig-proxy=false box &
  local pid=$!
  sleep 0.3
  kill -TERM $pid
  assert_ends_with 0 $pid
  "$SBX_PROGRAM" attach box &
  pid=$!
  sleep 0.3
  kill -TERM $pid
  assert_ends_with 6 $pid
}

@test "what does not run, or belongs to another sbx, cannot be joined" {
  have bb
  sbx create --name box localhost/bb true
  run -125 sbx attach box
  assert_contains "cannot attach to 'box': it does not run"
  "$SBX_PROGRAM" run --rm --name own localhost/bb sleep 1000 &
  local pid=$!
  eventually sbx exec own true
  run -125 sbx attach own
  assert_contains 'it belongs to the `sbx run --rm` that started it'
  sbx rm -f own
  assert_ends_with 137 $pid
  run -125 sbx attach
  assert_contains 'name containers'
}
