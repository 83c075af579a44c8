load ../support/sbx

runs() { [ "$(sbx inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }

@test "rm removes containers by name and by the beginning of an id, with all they wrote" {
  have bb
  sbx run --name box localhost/bb sh -c 'mkdir -p /a/b; chmod 0 /a; chown -R nina /a'
  local id
  id=$(sbx create localhost/bb true)
  run -0 sbx rm box "${id:0:12}"
  assert_output $'box\n'"${id:0:12}"
  [ -z "$(ls -A "$XDG_DATA_HOME/sbx/containers" | grep -v '^\.' || true)" ]
}

@test "rm does not remove what runs, but with --force kills it" {
  have bb
  "$SBX_PROGRAM" run --name box localhost/bb sh -c 'trap "" TERM; sleep 1000' &
  local pid=$!
  eventually runs box
  run -125 sbx rm box
  assert_contains "cannot remove 'box': container 'box' is running"
  runs box
  run -0 sbx rm --force box
  assert_ends_with 137 $pid
  run -0 sbx ps --all --quiet
  assert_output ''
}

@test "rm --all removes all, and one failure does not spare the others" {
  have bb
  sbx create --name one localhost/bb true
  sbx create --name two localhost/bb true
  run -125 sbx rm nosuch one
  assert_contains "there is no container 'nosuch'"
  run -0 sbx ps --all --format '{{.Names}}'
  assert_output two
  run -0 sbx rm --all
  run -0 sbx ps --all --quiet
  assert_output ''
}

@test "rm wants to know what, and passes over what is not there only if told to" {
  run -125 sbx rm
  assert_contains 'name containers, or give --all'
  run -125 sbx rm --all box
  run -0 sbx rm --ignore nosuch
  run -0 sbx rm --force nosuch
}

@test "a beginning that several ids have is refused" {
  have bb
  local i
  for i in {1..17}; do sbx create localhost/bb true; done >ids
  local twice
  twice=$(cut -c 1 ids | sort | uniq -d | head -n 1)
  run -125 sbx rm "$twice"
  [ "$(sbx ps --all --quiet | wc -l)" -eq 17 ]
}

@test "rm -v is what rm does" {
  have bb
  sbx create --name box -v /data localhost/bb true
  run -0 sbx rm -v box
  assert_output box
  run -0 sbx ps -a -q
  assert_output ''
}

@test "rm -f kills all at once" {
  have bb
  local name pids=()
  for name in one two three; do
    "$SBX_PROGRAM" run --name $name localhost/bb sh -c 'trap "" TERM; sleep 1000' &
    pids+=($!)
    eventually runs $name
  done
  local begin=$SECONDS
  run -0 --separate-stderr sbx rm -f --time 2 one two three
  [ $((SECONDS - begin)) -lt 5 ]
  assert_output $'one\ntwo\nthree'
  for pid in "${pids[@]}"; do assert_ends_with 137 "$pid"; done
}

@test "rm -f -t stops what runs before it is removed" {
  have bb
  mkdir out
  "$SBX_PROGRAM" run --name box -v ./out:/out localhost/bb sh -c \
    'trap "exit 6" TERM; touch /out/up; while :; do sleep 0.05; done' &
  local pid=$!
  eventually runs box
  eventually test -e out/up
  run -125 sbx rm -t 5 box
  assert_contains '--time is for what runs, and needs --force'
  run -0 sbx rm -f -t 5 box
  assert_output box
  assert_ends_with 6 $pid
}

@test "rm --filter, --latest and --cidfile say which" {
  have bb
  sbx create --name one -l kind=test localhost/bb true
  sbx create --name two --cidfile cid localhost/bb true
  sbx create --name three localhost/bb true
  run -0 sbx rm --filter label=kind=test
  run -0 sbx rm --latest
  run -0 sbx ps -a --format '{{.Names}}'
  assert_output two
  run -0 sbx rm --cidfile cid
  assert_output "$(cat cid)"
  run -0 sbx rm --filter label=kind=test
  assert_output ''
}
