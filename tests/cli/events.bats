load ../support/sbx

actions() { "$SBX_PROGRAM" events --stream=false "$@" --format '{{.Type}} {{.Action}}'; }

looks_on() { grep -q inotify "/proc/$1/fdinfo/"*; }

@test "events tells what has happened to a container" {
  have bb
  sbx run --name box localhost/bb sh -c 'exit 3' || [ $? = 3 ]
  sbx rename box old
  sbx rm old
  run -0 actions -f type=container
  assert_output $'container create\ncontainer start\ncontainer die\ncontainer rename\ncontainer destroy'
  run -0 sbx events --stream=false -f event=died --format '{{.Name}} {{.Image}} {{.Actor.Attributes.exitCode}}'
  assert_output 'box localhost/bb 3'
  run -0 sbx events --stream=false -f event=rename --format '{{.Actor.Attributes.oldName}} {{.Name}}'
  assert_output 'box old'
}

@test "events tells of signals, pauses, executions and what stop and restart do" {
  have bb
  sbx run -d --name box localhost/bb sh -c 'trap "exit 0" TERM; while :; do sleep 0.02; done' >/dev/null 3>&-
  sbx exec box true
  run -4 sbx exec box sh -c 'exit 4'
  sbx pause box
  sbx unpause box
  sbx kill -s CONT box
  sbx restart box
  sbx stop box
  run -0 actions -f container=box
  assert_output "$(printf 'container %s\n' create start exec_start exec_die exec_start exec_die pause unpause \
    kill kill die stop start restart kill die stop)"
  run -0 sbx events --stream=false -f event=kill --format '{{.Actor.Attributes.signal}}'
  assert_output $'18\n15\n15'
  sbx rm box
}

@test "events tells of images and volumes" {
  have bb
  sbx tag localhost/bb localhost/other
  sbx untag localhost/other
  sbx tag localhost/bb localhost/third
  sbx rmi localhost/third
  sbx volume create v
  sbx volume rm v
  run -0 sbx events --stream=false --format '{{.Action}} {{.Image}}' -f type=image -f event=tag -f event=untag
  [ "$(tail -n 4 <<<"$output")" = "$(printf '%s:latest\n' 'tag localhost/other' 'untag localhost/other' \
    'tag localhost/third' 'untag localhost/third')" ]
  run -0 sbx events --stream=false -f volume=v --format '{{.Action}} {{.ID}}'
  assert_output $'create v\ndestroy v'
}

@test "events goes on with what comes" {
  have bb
  sbx run --rm localhost/bb true
  "$SBX_PROGRAM" events --format '{{.Action}}' -f type=container >seen 3>&- &
  local pid=$!
  eventually looks_on $pid
  sbx run --rm localhost/bb true
  eventually grep -q destroy seen
  kill $pid
  wait $pid || true
  [ "$(<seen)" = $'create\nstart\ndie\ndestroy' ] # and nothing of the one before
}

@test "events --until ends in its time, --since begins in the past" {
  have bb
  sbx run --rm localhost/bb true
  local then
  then=$(date +%s)
  run -0 actions --since 1h -f type=container
  [ "${#lines[@]}" = 4 ]
  run -0 sbx events --until 1h
  assert_output ''
  run -0 sbx events --until $((then + 2)) -f event=die --format '{{.Action}}'
  assert_output die
}

@test "events shows lines, or JSON that clients read" {
  have bb
  sbx run --rm --name box --label tier=1 localhost/bb true
  run -0 sbx events --stream=false -f event=start
  [[ $output =~ ^20[0-9-]+T[0-9:.]+Z\ container\ start\ [0-9a-f]{64}\ \(image=localhost/bb,\ name=box,\ tier=1\)$ ]]
  "$SBX_PROGRAM" events --stream=false --format json -f event=start >json
  [ "$(jq -r '.status, .Type, .Actor.Attributes.name, .from, .scope' json | tr '\n' ' ')" = 'start container box localhost/bb local ' ]
  [ "$(jq '(.timeNano / 1000000000 | floor) == .time' json)" = true ]
  "$SBX_PROGRAM" events --stream=false --format '{{json .}}' -f label=tier=1 | jq -e .id >ids
  [ "$(sort -u ids | wc -l)" = 1 ]
}

@test "events shows no escapes, and knows what it is told" {
  have bb
  sbx run --rm --label "x=$(printf 'a\033[31mb\nc')" localhost/bb true
  run -0 sbx events --stream=false -f event=start
  [[ $output != *$'\033'* ]]
  [ "${#lines[@]}" = 1 ]
  run -125 sbx events --filter colour=red
  assert_contains 'keys are container, image, volume, network, pod, type, event and label'
  run -125 sbx events --since yesterday-ish
  assert_contains '--since'
  run -125 sbx events --stream=false --format '{{.Colour}}'
  assert_contains "there is no field 'Colour'"
}
