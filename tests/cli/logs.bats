load ../support/sbx

@test "logs shows what was written, each stream on its own, also after the end" {
  have bb
  sbx run --name box localhost/bb sh -c 'echo out; echo err >&2; printf part' >/dev/null 2>&1
  "$SBX_PROGRAM" logs box >out 2>err
  [ "$(<out)" = $'out\npart' ]
  [ "$(<err)" = err ]
}

@test "logs --tail, --since, --until and --timestamps choose" {
  have bb
  sbx run --name box localhost/bb sh -c 'for i in 1 2 3 4; do echo $i; done' >/dev/null
  run -0 sbx logs --tail 2 box
  assert_output $'3\n4'
  run -0 sbx logs -n 0 box
  assert_output ''
  run -0 sbx logs -n all box
  assert_output $'1\n2\n3\n4'
  run -0 sbx logs --since 1h box
  assert_output $'1\n2\n3\n4'
  run -0 sbx logs --until 1h box
  assert_output ''
  run -0 sbx logs -t --tail 1 box
  [[ $output =~ ^20[0-9-]+T[0-9:.]+Z\ 4$ ]]
}

@test "logs --follow goes on until the end" {
  have bb
  sbx run -d --name box -i localhost/bb sh -c 'echo one; read x; echo two' >/dev/null
  "$SBX_PROGRAM" logs -f box >seen &
  local pid=$!
  eventually grep -q one seen
  echo | "$SBX_PROGRAM" attach box >/dev/null
  wait $pid
  [ "$(<seen)" = $'one\ntwo' ]
}

@test "logs of several containers come in the order of their times" {
  have bb
  sbx run --name a localhost/bb echo first >/dev/null
  sbx run --name b localhost/bb echo second >/dev/null
  run -0 sbx logs --names b a
  assert_output $'a first\nb second'
  run -0 sbx logs -l
  assert_output second
}

@test "a log that has reached its size begins anew" {
  have bb
  sbx run --name box --log-opt max-size=1k --log-opt max-file=2 localhost/bb \
    sh -c 'for i in $(seq 1 200); do echo $i; sleep 0.001; done' >/dev/null
  run -0 sbx logs --tail 1 box
  assert_output 200
  run -0 sbx logs box
  refute_contains $'\n1\n'
  assert_contains $'\n199\n200'
}

@test "what a log has is made harmless on a terminal, but for colours" {
  have bb
  sbx run --name box localhost/bb printf '\033[31mred\033[0m \033]0;title\007\r\n' >/dev/null
  run -0 bash -c '"$SBX_PROGRAM" logs box | od -c | head -n 1'
  assert_contains '033   [   3   1   m'
  run -0 on_terminal -- "$SBX_PROGRAM" logs box
  assert_contains $'\033[31mred\033[0m \\x1b]0;title\\x07'
}

@test "logs says what it has not" {
  have bb
  run -125 sbx logs nosuch
  assert_contains "cannot show the logs of 'nosuch': there is no container 'nosuch'"
  run -125 sbx logs
  assert_contains 'name containers'
  sbx run --name box --log-driver none localhost/bb echo x >/dev/null
  run -125 sbx logs box
  assert_contains 'with --log-driver none nothing is kept'
  sbx create --name new localhost/bb true
  run -0 sbx logs -f new
  assert_output ''
  run -125 sbx logs --tail x new
  assert_contains '--tail'
  run -125 sbx logs --since never new
  assert_contains "--since: 'never' is neither a time nor an age"
}

@test "pod logs shows what the containers of a pod have written" {
  have bb
  sbx pod create p
  sbx run --pod p --name one localhost/bb echo first 3>&-
  sbx run --pod p --name two localhost/bb echo second 3>&-
  sbx run --name alone localhost/bb echo nothing 3>&-
  run -0 sbx pod logs p
  assert_output $'first\nsecond'
  run -0 sbx pod logs --names -l
  assert_output $'one first\ntwo second'
  run -0 sbx pod logs -c two p
  assert_output second
  run -125 sbx pod logs -c alone p
  assert_contains "--container alone: it is not in pod 'p'"
  run -125 sbx pod logs nosuch
  assert_contains "there is no pod 'nosuch'"
  sbx pod rm -f p
  sbx rm alone
}
