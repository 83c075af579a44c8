# Many containers, and many commands at once that mean the same ones.
load ../support/sbx

# A program that no other test runs.
readonly PROGRAM='sleep 7654321'
readonly CONTESTED=20 ALL=200 COMMANDS=600

make() { seq "$1" "$2" | xargs -P 8 -I{} "$SBX_PROGRAM" run -q -d --stop-signal KILL --network none --name box{} localhost/bb $PROGRAM; }

# A command each line, about one of the first containers.
commands() {
  awk -v seed="$1" -v count="$COMMANDS" -v names="$CONTESTED" -v program="$PROGRAM" 'BEGIN {
    srand(seed)
    split("start|stop|restart -t 0|rm -f|rm|kill|run", verbs, "|")
    for (i = 0; i < count; i++) {
      verb = verbs[1 + int(rand() * 7)]; name = "box" (1 + int(rand() * names))
      if (verb == "run") print "run -q -d --stop-signal KILL --network none --name " name " localhost/bb " program
      else print verb, name
    }
  }'
}

# What the loser of a race is told; anything else is a fault.
unexpected() {
  grep -vE "^hint: |: there is no container '[a-z0-9]+'\$|: container 'box[0-9]+' (is running|does not run)\$|: the container name 'box[0-9]+' is taken\$|: the container has just ended\$"
}

@test "a hundred starts, stops and removals at once of the same names, among two hundred containers" {
  have bb
  make 1 $ALL >/dev/null 3>&-
  commands "${SBX_TEST_SEED:-1}" | xargs -P 100 -L 1 timeout -s KILL 100 "$SBX_PROGRAM" >out 2>said 3>&- || true
  run -1 unexpected <said
  assert_output ''
  run -0 sbx ps -aq --filter status=running
  local running=${#lines[@]}
  [ "$running" -ge $((ALL - CONTESTED)) ]
  [ "$(pgrep -cfx "$PROGRAM")" = "$running" ]
  for name in $(sbx ps -a --format '{{.Names}}'); do
    run -0 sbx inspect --format '{{.Name}} {{.State.Status}}' "$name"
    [[ $output =~ ^/?$name\ (running|exited|created)$ ]]
  done
  for name in $(sbx ps --format '{{.Names}}' | head -n 5); do sbx exec "$name" true; done
  sbx rm -f --all >/dev/null
  run -0 sbx ps -aq
  assert_output ''
  run -1 pgrep -fx "$PROGRAM"
  run -0 find "$XDG_DATA_HOME"/sbx/container{s,-names} "$XDG_RUNTIME_DIR/sbx/containers" -mindepth 1
  assert_output ''
}
