load ../support/sbx

runs() { [ "$(sbx inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }

@test "rename gives a container another name, and frees the old one" {
  have bb
  local id
  id=$(sbx create --name box localhost/bb true)
  run -0 sbx rename box crate
  assert_output ''
  run -0 sbx ps -a --format '{{.ID}} {{.Names}}'
  assert_output "${id:0:12} crate"
  run -125 sbx inspect box
  sbx create --name box localhost/bb true
  run -0 sbx container rename crate old
  run -0 sbx rm old box
}

@test "a container that is renamed while it runs keeps the name" {
  have bb
  "$SBX_PROGRAM" run --name box localhost/bb sh -c 'trap "exit 6" TERM; while :; do sleep 0.05; done' &
  local pid=$!
  eventually runs box
  run -0 sbx rename box crate
  runs crate
  run -0 sbx kill crate
  assert_ends_with 137 $pid
  run -0 sbx ps -a --format '{{.Names}} {{.ExitCode}}'
  assert_output 'crate 137'
  run -0 sbx rm crate
  sbx create --name crate localhost/bb true
}

@test "with --rm nothing is left of it under any name" {
  have bb
  "$SBX_PROGRAM" run --rm --name box localhost/bb sleep 1000 &
  local pid=$!
  eventually runs box
  run -0 sbx rename box crate
  run -0 sbx kill crate
  assert_ends_with 137 $pid
  [ -z "$(ls "$XDG_DATA_HOME/sbx/container-names")" ]
}

@test "a name that is taken, or is none, changes nothing" {
  have bb
  sbx create --name one localhost/bb true
  sbx create --name two localhost/bb true
  run -125 sbx rename one two
  assert_contains "cannot rename 'one': the container name 'two' is taken"
  run -125 sbx rename one ../two
  assert_contains 'is not a name for a container'
  run -125 sbx rename nosuch three
  assert_contains "there is no container 'nosuch'"
  run -0 sbx ps -a --format '{{.Names}}'
  assert_output $'two\none'
}
