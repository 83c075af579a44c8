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
  assert_output $'NAMES  LABELS\nbox    kind=test'
  run -0 sbx ps -a --format '{{printf "%-5s|%.2s|%3d" .Names .State .ExitCode}} {{.Label "kind"}}{{.Label "none"}}'
  assert_output 'box  |cr|  0 test'
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

@test "--filter knows volumes, networks, and what is older or newer" {
  have bb
  sbx create --name one -v data:/srv localhost/bb true
  sbx create --name two --network host -v /anonymous localhost/bb true
  sbx create --name three localhost/bb true
  run -0 sbx ps -a --filter volume=data --filter volume=/anonymous --format '{{.Names}}'
  assert_output $'two\none'
  run -0 sbx ps -a --filter network=host --format '{{.Names}}'
  assert_output two
  run -0 sbx ps -a --filter since=one --filter before=three --format '{{.Names}}'
  assert_output two
  run -125 sbx ps -a --filter before=nosuch
  assert_contains "--filter before=nosuch: there is no container 'nosuch'"
  sbx rm --filter since=one
  run -0 sbx ps -a --format '{{.Names}}'
  assert_output one
}

@test "--filter knows what is published and exposed" {
  have bb
  sbx create --name one -p 127.0.0.1:8085:80 localhost/bb true
  sbx create --name two --expose 90-92/udp localhost/bb true
  sbx create --name three localhost/bb true
  for port in 80 8085 8080-8090; do
    run -0 sbx ps -a --filter publish=$port --format '{{.Names}}'
    assert_output one
  done
  run -0 sbx ps -a --filter publish=90/udp --format '{{.Names}}'
  assert_output ''
  run -0 sbx ps -a --filter expose=91/udp --filter expose=80 --format '{{.Names}}'
  assert_output $'two\none'
  run -0 sbx ps -a --filter expose=91 --format '{{.Names}}'
  assert_output ''
  run -125 sbx ps -a --filter publish=http
  assert_contains '--filter publish'
}

@test "--size measures, and --sort orders by it and by other things" {
  have bb
  sbx run --name big localhost/bb dd if=/dev/zero of=/file bs=1M count=3
  sbx run --name small localhost/bb true
  sbx create --name ant localhost/bb true
  run -0 sbx ps -a
  refute_contains SIZE
  run -0 sbx ps -as --filter name=big
  [[ ${lines[0]} == *"  NAMES  SIZE" ]]
  [[ ${lines[1]} =~ 'big    3.1'[0-9]*' MB (virtual '[0-9.]+' MB)'$ ]]
  run -0 sbx ps -a --sort size --format '{{.Names}}'
  [ "${lines[-1]}" = big ]
  run -0 sbx ps -a --sort names --format '{{.Names}}'
  assert_output $'ant\nbig\nsmall'
  run -0 sbx ps -a --sort created --last 2 --format '{{.Names}}'
  assert_output $'small\nant'
  run -0 bash -c '"$SBX_PROGRAM" ps -as --format json | jq ".[2].Size | .rwSize > 3000000 and .rwSize < .rootFsSize"'
  assert_output true
  run -125 sbx ps --sort colour
  assert_contains colour
}
