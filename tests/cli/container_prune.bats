load ../support/sbx

runs() { [ "$(sbx inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }

@test "container prune removes what does not run, and says what and how much" {
  have bb
  local id fresh
  sbx run --name ended localhost/bb sh -c 'mkdir -m 0 /deep; head -c 3000000 /dev/zero >/big; chown -R nina /deep'
  id=$(sbx inspect --format '{{.Id}}' ended)
  fresh=$(sbx create --name fresh localhost/bb true)
  "$SBX_PROGRAM" run --name box localhost/bb sleep 1000 &
  local pid=$!
  eventually runs box
  run -0 --separate-stderr sbx container prune --force
  [ "$(sort <<<"$output")" = "$(printf '%s\n' "$id" "$fresh" | sort)" ]
  [[ $stderr =~ ^3\.[0-9]+' MB freed'$ ]]
  run -0 sbx ps -a --format '{{.Names}}'
  assert_output box
  sbx kill box
  assert_ends_with 137 $pid
}

@test "container prune asks first, and only a yes counts" {
  have bb
  sbx create --name box localhost/bb true
  for answer in '' n no; do
    run -0 --separate-stderr sbx container prune <<<"$answer"
    assert_output ''
    [[ $stderr == 'Remove all containers that do not run? [y/N]'* ]]
  done
  run -0 sbx ps -a --format '{{.Names}}'
  assert_output box
  run -0 sbx container prune <<<y
  run -0 sbx ps -aq
  assert_output ''
}

@test "container prune --filter removes what it admits" {
  have bb
  sbx create --name one -l kind=test localhost/bb true
  sbx create --name two localhost/bb true
  run -0 --separate-stderr sbx container prune -f --filter until=2001-01-01
  assert_output ''
  run -0 --separate-stderr sbx container prune -f --filter until=24h
  assert_output ''
  run -0 sbx container prune -f --filter label=kind=test
  run -0 sbx ps -a --format '{{.Names}}'
  assert_output two
  run -0 sbx container prune -f --filter label!=kind
  run -0 sbx ps -aq
  assert_output ''
}

@test "a filter that means nothing is refused, and nothing removed" {
  have bb
  sbx create --name box localhost/bb true
  run -125 sbx container prune -f --filter colour=red
  assert_contains '--filter colour=red: unknown key'
  run -125 sbx container prune -f --filter until=soon
  run -0 sbx ps -a --format '{{.Names}}'
  assert_output box
}
