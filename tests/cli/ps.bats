load ../support/sbx

@test "ps lists what runs, and with --all what has ended or never began" {
  have bb
  sbx create --name fresh localhost/bb true
  run -3 sbx run --name ended localhost/bb sh -c 'exit 3'
  "$SBX_PROGRAM" run --name alive localhost/bb sleep 1000 &
  eventually runs alive
  run -0 sbx ps --format '{{.Names}}'
  assert_output alive
  run -0 sbx ps --all --format '{{.Names}} {{.State}} {{.ExitCode}}'
  assert_output $'alive running 0\nended exited 3\nfresh created 0'
  sbx rm -f alive
}
runs() { [ -n "$(sbx ps --format "{{if eq .Names \"$1\"}}x{{end}}")" ]; }

@test "the table has headings, shortened ids and commands, and can do without both" {
  have bb
  local id
  id=$(sbx create --name box localhost/bb sh -c 'echo a long command line')
  run -0 sbx ps --all
  [[ ${lines[0]} =~ ^'CONTAINER ID  IMAGE         COMMAND ' ]]
  [[ ${lines[1]} == "${id:0:12}  localhost/bb  sh -c echo a "*"…  "*"Created         box" ]]
  run -0 sbx ps --all --no-trunc --noheading
  [[ ${lines[0]} == "$id  localhost/bb  sh -c echo a long command line"* ]]
  run -0 sbx ps --all --quiet
  assert_output "${id:0:12}"
}

@test "--filter takes those for which it holds, and with a state also those that do not run" {
  have bb
  sbx create --name fresh -l kind=test localhost/bb true
  run -3 sbx run --name ended localhost/bb sh -c 'exit 3'
  run -0 sbx ps --filter status=created --format '{{.Names}}'
  assert_output fresh
  run -0 sbx ps -f exited=3 --format '{{.Names}}'
  assert_output ended
  run -0 sbx ps -a --filter label=kind=test --filter ancestor=localhost/bb --format '{{.Names}}'
  assert_output fresh
  run -0 sbx ps --filter name=fresh --quiet
  assert_output ''
  run -125 sbx ps --filter colour=red
  assert_contains '--filter colour=red: unknown key'
}

@test "the id of an image is shortened to twelve digits" {
  have bb
  sbx create --name box localhost/bb true
  run -0 sbx ps -a --format '{{.ImageID}}'
  assert_output "$(sbx images --quiet)"
}

@test "formats are templates, tables of templates and JSON" {
  have bb
  sbx create --name box -l kind=test localhost/bb true
  run -0 sbx ps -a --format 'table {{.Names}}\t{{.Labels}}'
  assert_output $'NAMES\nbox    kind=test'
  run -0 bash -c '"$SBX_PROGRAM" ps -a --format json | python3 -c "import json, sys; print(json.load(sys.stdin)[0][\"Names\"])"'
  assert_output "['box']"
  run -125 sbx ps -a --format '{{.Nmaes}}'
  assert_contains "there is no field 'Nmaes'"
  run -125 sbx ps -a --format '{{.Names'
  assert_contains "'{{' without '}}'"
}

@test "--latest and --last count from the newest" {
  have bb
  local name
  for name in one two three; do sbx create --name $name localhost/bb true; done
  run -0 sbx ps --latest --format '{{.Names}}'
  assert_output three
  for last in --last -n; do
    run -0 sbx ps $last 2 --format '{{.Names}}'
    assert_output $'three\ntwo'
  done
}

@test "a container whose sbx was killed is shown as ended" {
  have bb
  "$SBX_PROGRAM" run --log-driver passthrough --name box localhost/bb sleep 1000 3>&- &
  local pid=$!
  eventually runs box
  kill -KILL $pid
  eventually ended box
  run -0 sbx ps --all --format '{{.State}} {{.ExitCode}}'
  assert_output 'exited 137'
}
ended() { [ "$(sbx inspect --format '{{.State.Status}}' "$1")" = exited ]; }
