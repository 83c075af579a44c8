load ../support/sbx

@test "help lists the commands, sbx alone does and fails" {
  run -0 sbx help
  assert_contains 'run                 Run a program in a new container'
  local whole=$output
  run -0 sbx --help
  assert_output "$whole"
  run -125 sbx
  assert_output "$whole"
}

@test "each command explains itself, by help and by --help" {
  run -0 sbx help run
  assert_contains 'Usage: sbx run [OPTIONS] IMAGE [COMMAND [ARGUMENT...]]'
  local whole=$output
  run -0 sbx run --help
  assert_output "$whole"
  run -0 sbx container run --help
  assert_output "$whole"
  run -0 sbx help image inspect
  assert_contains 'Usage: sbx image inspect'
}

@test "help --json is what manual pages are made of" {
  run -0 bash -c '"$SBX_PROGRAM" help --json | python3 -c "import json, sys
print(*[c[\"name\"] for c in json.load(sys.stdin)[\"commands\"]])"'
  assert_contains 'run create start'
  refute_contains __complete
}

@test "no line of help is wider than 80 columns" {
  sbx help --json | python3 -c "import json, sys
print(*[c['name'] for c in json.load(sys.stdin)['commands']], sep='\n')" >names
  [ "$(wc -l <names)" -gt 20 ]
  local name
  while read -r name; do
    sbx help $name | awk -v name="$name" 'length > 80 { print name ": " $0; wide = 1 } END { exit wide }'
  done <names
}

@test "help for what does not exist suggests what does" {
  run -125 sbx help imagse
  assert_contains 'did you mean `sbx images`?'
  run -125 sbx help run x
  assert_output "sbx: 'x' is one argument too many"
  run -0 sbx help image inspect
}

@test "the command that exec needs is shown as needed" {
  run -0 sbx exec --help
  assert_contains 'Usage: sbx exec [OPTIONS] CONTAINER COMMAND [ARGUMENT...]'
}

@test "a group lists its commands" {
  run -0 sbx image --help
  assert_contains 'Usage: sbx image COMMAND'
  assert_contains 'prune '
  refute_contains 'wait '
  local whole=$output
  for words in 'image -h' 'help image'; do
    run -0 sbx $words
    assert_output "$whole"
  done
  run -0 sbx container --help
  assert_contains 'wait '
}

@test "-h is --help where it is nothing else" {
  run -0 sbx -h
  assert_contains 'Run a program in a new container'
  run -0 sbx ps -h
  assert_contains 'Usage: sbx ps'
  assert_contains '-h, --help'
  run -0 sbx help run
  assert_contains '-h, --hostname'
  refute_contains '-h, --help'
}
