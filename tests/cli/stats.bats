load ../support/sbx

runs() { [ "$(sbx inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }

start() {
  "$SBX_PROGRAM" run --name box "$@" &
  pid=$!
  eventually runs box
}

stop() {
  sbx kill box
  assert_ends_with 137 $pid
}

@test "stats shows once what a container uses, and -- for what it cannot know" {
  have bb
  start --network none localhost/bb sh -c 'while :; do :; done'
  run -0 sbx stats --no-stream
  [[ ${lines[0]} =~ ^'ID            NAME  CPU %'\ +'MEM USAGE / LIMIT'\ +'MEM %'\ +'NET IO'\ +'BLOCK IO'\ +PIDS\ +'CPU TIME'\ +'AVG CPU %'$ ]]
  [[ ${lines[1]} =~ ^[0-9a-f]{12}\ \ box\ +[0-9]+\.[0-9]{2}%\ +[0-9.]+[kMG]?B\ /\ [0-9.]+[GT]B\ +[0-9]+\.[0-9]{2}%\ +0B\ /\ 0B\ +[^%]*\ 1\ +[0-9]+s\ +[0-9]+\.[0-9]{2}%$ ]]
  run -0 sbx stats --no-stream --format '{{.Name}} {{.CPUPerc}}' box
  [[ $output =~ ^box\ ([0-9]+)\. ]]
  [ "${BASH_REMATCH[1]}" -gt 2 ]
  run -0 bash -c '"$SBX_PROGRAM" stats --no-stream --format json | jq -r ".[0].name, .[0].pids"'
  assert_output $'box\n1'
  stop
}

@test "stats goes on until what it shows has ended" {
  have bb
  start localhost/bb sh -c 'sleep 1000; true'
  "$SBX_PROGRAM" stats -i 1 --format '{{.Name}} {{.PIDs}}' box >out &
  local watcher=$!
  eventually grep -q 'box 2' out
  sbx kill box
  assert_ends_with 0 $watcher
  [ "$(tail -n 1 out)" = 'box --' ]
  assert_ends_with 137 $pid
}

@test "stats shows what runs, with --all also what does not" {
  have bb
  sbx create --name box localhost/bb true
  run -0 sbx stats --no-stream --format '{{.Name}}'
  assert_output ''
  run -0 sbx stats --no-stream --all --format '{{.Name}} {{.CPUPerc}} {{.MemUsage}}'
  assert_output 'box -- -- / --'
  run -0 sbx stats --no-stream --no-trunc --format '{{.ID}}' box
  assert_output "$(sbx inspect --format '{{.Id}}' box)"
  run -125 sbx stats --no-stream nosuch
  assert_contains "there is no container 'nosuch'"
  run -125 sbx stats -i 0
  run -125 sbx stats --all box
  run -125 sbx stats --no-stream --all --format '{{.Colour}}'
}

@test "pod stats shows what the containers of pods use" {
  have bb
  sbx pod create p
  run -125 sbx pod stats --no-stream p
  assert_contains "no container of pod 'p' runs"
  sbx run -d --pod p --name one localhost/bb sleep 1000 3>&-
  sbx run -d --name alone localhost/bb sleep 1000 3>&-
  run -0 sbx pod stats --no-stream --format '{{.Name}}' p
  assert_output one
  run -0 sbx pod stats --no-stream --format '{{.Name}}'
  assert_output one
  run -125 sbx pod stats --no-stream -a p
  assert_contains 'exclude each other'
  sbx pod rm -f p
  sbx rm -f alone
}
