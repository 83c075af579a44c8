load ../support/sbx

# What a failed run may leave: nothing. Its status is 125, and the words name what was wrong.
refused() {
  local words=$1
  shift
  run -125 sbx run "$@"
  assert_contains "$words"
  assert_nothing_left
}

assert_nothing_left() {
  local left
  left=$(sbx ps --all --quiet; ls -A "$XDG_RUNTIME_DIR/sbx/containers" "$XDG_DATA_HOME/sbx/containers" \
    "$XDG_DATA_HOME/sbx/volumes" 2>/dev/null | grep -v -e : -e '^\.' -e '^$' || true)
  [ -z "$left" ] || { echo "left: $left" && return 1; }
}

@test "the program's output and its status are those of run" {
  have bb
  run -42 --separate-stderr sbx run --rm localhost/bb sh -c 'echo out; echo err >&2; exit 42'
  assert_output out
  [ "$stderr" = err ]
  assert_nothing_left
}

@test "a program that a signal ended gives 128 and the signal's number" {
  have bb
  run -137 sbx run --rm --init localhost/bb sh -c 'kill -KILL $$'
  run -143 sbx run --rm --init localhost/bb sh -c 'kill -TERM $$'
}

@test "a program that is not there gives 127, one that cannot be run 126, and sbx's own failure 125" {
  have bb
  run -127 sbx run --rm localhost/bb no-such-program
  assert_contains "run 'no-such-program': it is not in the container's PATH (/bin)"
  run -127 sbx run --rm localhost/bb /no/such/program
  run -126 sbx run --rm localhost/bb /etc/passwd
  assert_contains "run '/etc/passwd': Permission denied"
  run -126 sbx run --rm localhost/bb /tmp
  run -125 sbx run --no-such-option localhost/bb
  assert_nothing_left
}

@test "a container that failed to start is kept without --rm, and says why" {
  have bb
  run -127 sbx run --name box localhost/bb no-such-program
  run -0 sbx inspect --format '{{.State.Status}} {{.State.ExitCode}} {{.State.Error}}' box
  assert_contains "exited 127 run 'no-such-program'"
}

@test "what stands behind the image is the program's, options too" {
  have bb
  run -0 sbx run --rm localhost/bb echo --rm -it -- --help
  assert_output '--rm -it -- --help'
}

@test "standard input reaches the program with -i alone" {
  have bb
  run -0 bash -c 'printf "a\nb" | "$SBX_PROGRAM" run --rm -i localhost/bb cat'
  assert_output $'a\nb'
  run -0 bash -c 'printf "a\nb" | "$SBX_PROGRAM" run --rm localhost/bb cat'
  assert_output ''
}

@test "bytes of any value pass through both ways" {
  have bb
  head -c 1000000 /dev/urandom >sent
  sbx run --rm -i localhost/bb cat <sent >received
  cmp sent received
}

@test "a reader that ends early ends the program" {
  have bb
  run -0 bash -c '"$SBX_PROGRAM" run --rm localhost/bb yes 2>/dev/null | head -n 1'
  assert_output y
  assert_nothing_left
}

@test "the image's entrypoint, command, user, folder and variables hold" {
  have app
  run -0 sbx run --rm localhost/app
  assert_output 'entry default words'
  run -0 sbx run --rm --entrypoint '["sh", "-c"]' localhost/app 'id -un; pwd; echo $GREETING $HOME'
  assert_output $'nina\n/srv/work\nhello /home/nina'
}

@test "a command replaces the image's, an entrypoint both" {
  have app
  run -0 sbx run --rm localhost/app given
  assert_output 'entry given'
  run -0 sbx run --rm --entrypoint echo localhost/app
  assert_output ''
  run -0 sbx run --rm --entrypoint '' localhost/app echo plain
  assert_output plain
  refused "no command given, and with --entrypoint the image's does not count" --entrypoint '' localhost/app
  refused "the command is an empty word" --entrypoint '' localhost/app ''
}

@test "the layers of an image are one tree, with what later ones deleted gone" {
  have app
  run -0 sbx run --rm --entrypoint sh localhost/app -c 'cat /srv/replaced; ls /srv /srv/old'
  assert_output $'second\n/srv:\nkept\nold\nreplaced\nwork\n\n/srv/old:\nnew'
}

@test "labels and the stop signal of the image are the container's, unless others are given" {
  have app
  sbx create --name one localhost/app
  sbx create --name two --label org.example.kind=mine --label more --stop-signal INT localhost/app
  run -0 sbx inspect --format '{{json .Config.Labels}} {{.Config.StopSignal}}' one two
  assert_output '{"org.example.kind":"test"} SIGUSR1
{"more":"","org.example.kind":"mine"} SIGINT'
}

@test "a volume of the image is seeded from it, and gone with a container that goes" {
  have app
  run -0 sbx run --rm --entrypoint cat localhost/app /data/seed
  assert_output seed
  assert_nothing_left
  sbx run --name box localhost/app
  [ "$(ls "$XDG_DATA_HOME/sbx/volumes" | wc -l)" -eq 1 ]
  sbx rm box
  assert_nothing_left
}

@test "an image's volumes can be had in memory, or not at all" {
  have app
  run -0 sbx run --rm --image-volume tmpfs --entrypoint grep localhost/app ' /data ' /proc/mounts
  assert_contains tmpfs
  run -1 sbx run --rm --image-volume ignore --entrypoint grep localhost/app ' /data ' /proc/mounts
  refused "--image-volume: 'disk' is none of anonymous, tmpfs, ignore" --image-volume disk localhost/app
}

@test "two runs share nothing that they write" {
  have bb
  sbx run --rm localhost/bb sh -c 'echo mine >/etc/mine; rm /etc/passwd'
  run -0 sbx run --rm localhost/bb sh -c 'ls /etc/mine; wc -l </etc/passwd'
  assert_contains 'No such file'
  assert_contains 3
}

@test "twenty runs at once all end well, and leave nothing" {
  have bb
  local i pids=()
  for i in {1..20}; do
    sbx run --rm localhost/bb sh -c "exit $i" &
    pids+=($!)
  done
  for i in {1..20}; do
    assert_ends_with "$i" "${pids[i - 1]}"
  done
  assert_nothing_left
}

@test "twenty first runs of an image at once all have it" {
  local i pids=()
  for i in {1..20}; do
    sbx run --rm -q "$SBX_REGISTRY/test/bb:1" true &
    pids+=($!)
  done
  for i in "${pids[@]}"; do wait "$i"; done
  run -0 sbx images --quiet
  [ ${#lines[@]} -eq 1 ]
}

@test "a signal to run is the program's, also when it is process 1" {
  have bb
  "$SBX_PROGRAM" run --name box localhost/bb sh -c 'trap "exit 9" TERM; echo >/ready; while :; do sleep 0.1; done' &
  local pid=$!
  eventually ready box
  kill -TERM $pid
  assert_ends_with 9 $pid
}
# Of a container's own files, while it runs.
inside() { echo "/proc/$(sbx inspect --format '{{.State.Pid}}' "$1" 2>/dev/null)/root$2"; }
ready() { [ -e "$(inside "$1" /ready)" ]; }
asked() { [ "$(wc -l <"$(inside "$1" /asked)")" -eq "$2" ]; } 2>/dev/null

@test "the third SIGTERM kills a program that would not go" {
  have bb
  "$SBX_PROGRAM" run --name box localhost/bb sh -c 'trap "echo >>/asked" TERM; echo >/ready; while :; do sleep 0.1; done' &
  local pid=$!
  eventually ready box
  kill -TERM $pid
  eventually asked box 1
  kill -TERM $pid
  eventually asked box 2
  kill -TERM $pid
  assert_ends_with 137 $pid
}

@test "a run that is killed takes its program with it" {
  have bb
  "$SBX_PROGRAM" run --rm --name box localhost/bb sh -c 'echo >/ready; exec sleep 1000' &
  local pid=$!
  eventually ready box
  kill -KILL $pid
  eventually no_container
  assert_nothing_left
}
no_container() { [ -z "$(sbx ps --all --quiet)" ]; }

@test "--timeout kills the container" {
  have bb
  run -137 sbx run --rm --timeout 100ms localhost/bb sleep 1000
  refused "--timeout: 'soon' is not a length of time" --timeout soon localhost/bb true
}

@test "--rm removes the container, and without it it stays with its status" {
  have bb
  sbx run --rm localhost/bb true
  assert_nothing_left
  run -3 sbx run --name box localhost/bb sh -c 'exit 3'
  run -0 sbx ps --all --format '{{.Names}} {{.State}} {{.ExitCode}}'
  assert_output 'box exited 3'
}

@test "a name is one container's alone" {
  have bb
  sbx run --name box localhost/bb true
  run -125 sbx run --name box localhost/bb true
  assert_contains "'box'"
  run -0 sbx ps --all --quiet
  [ ${#lines[@]} -eq 1 ]
  run -125 sbx run --name a/b localhost/bb true
  assert_contains "'a/b'"
}

@test "--cidfile gets the id, and is never written over" {
  have bb
  sbx run --cidfile id localhost/bb true
  [ "$(cat id)" = "$(sbx ps --all --quiet --no-trunc)" ]
  run -125 sbx run --cidfile id localhost/bb true
  assert_contains "--cidfile id: the file is there already"
  [ "$(sbx ps --all --quiet | wc -l)" -eq 1 ]
}

@test "a cidfile that cannot be written stops the run" {
  have bb
  refused "'/no/such/dir/id': No such file or directory" --rm --cidfile /no/such/dir/id localhost/bb true
}

@test "--explain shows the plan, and does nothing" {
  have bb
  run -0 sbx run --explain --read-only -v data:/data localhost/bb true
  assert_contains 'namespaces user mount pid network'
  assert_contains "on '/data'"
  assert_nothing_left
}

@test "--rootfs runs a folder, without an image" {
  mkdir -p root/bin
  cp "$(command -v busybox)" root/bin/sh
  run -0 sbx run --rm --rootfs root sh -c 'echo here >/made; echo $PATH'
  assert_output /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  [ "$(cat root/made)" = here ]
  refused "root file system 'no/such': No such file or directory" --rootfs no/such sh
}

@test "a bad image is named, in clear words" {
  refused "'UPPER' is not an image name: a repository is lower-case" UPPER true
  refused "there is no image 'localhost/none'" --pull never localhost/none true
  refused "IMAGE is missing" --rm
}

@test "what is asked for wrongly is named, and nothing is left behind" {
  have app
  touch file
  refused "volume source '/no/such/dir': No such file or directory" -v /no/such/dir:/x localhost/app
  refused "volume '/tmp:x': 'x' is not an absolute path" -v /tmp:x localhost/app
  refused "environment '=x'" -e =x localhost/app
  refused "open '/no/env': No such file or directory" --env-file /no/env localhost/app
  refused "--workdir here" -w here localhost/app
  refused "no user 'nosuch'" --rm -u nosuch localhost/app
  refused "'NOSUCH' is not a capability" --cap-add NOSUCH localhost/app
  refused "device '/dev/nosuch'" --rm --device /dev/nosuch localhost/app
  refused "'a b' is not a host name" -h 'a b' localhost/app
}

@test "from a working directory that is gone no path of the host's root is taken" {
  have bb
  mkdir -p gone/etc
  cd gone
  rm -r ../gone
  local words
  for words in '-v .:/x' '-v ..:/x' '-v ./etc:/x' '--mount type=bind,src=etc,dst=/x'; do
    refused 'the working directory is gone' $words localhost/bb ls /x
  done
  refused "environment file: open 'env': No such file or directory" --env-file env localhost/bb true
  refused "--cidfile: make file 'id': No such file or directory" --rm --cidfile id localhost/bb true
  refused "root file system 'etc': No such file or directory" --rootfs etc true
  run -0 sbx run --rm localhost/bb echo ran
  assert_output ran
}

@test "--pull missing asks the registry once, always asks again, never does not ask" {
  local name=$SBX_REGISTRY/test/bb:1
  refused "there is no image '$name'" --pull never "$name" true
  sbx run --rm -q "$name" true
  refused "the image '$name' is here for linux/amd64, not for linux/s390x" --pull never --arch s390x "$name"
  sbx tag "$name" "$SBX_REGISTRY/test/gone:1"
  sbx run --rm "$SBX_REGISTRY/test/gone:1" true
  sbx run --rm --pull never "$SBX_REGISTRY/test/gone:1" true
  run -125 sbx run --rm --pull always "$SBX_REGISTRY/test/gone:1" true
  assert_contains "cannot pull '$SBX_REGISTRY/test/gone:1'"
}

@test "--pull newer does with what is here where the registry is silent, and says so" {
  have bb
  local port
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  sbx tag localhost/bb "127.0.0.1:$port/bb:1"
  run -0 sbx run --rm --pull newer --retry 0 --tls-verify=false "127.0.0.1:$port/bb:1" echo ran
  assert_contains 'warning: what is here may be old'
  assert_contains ran
}

@test "an image of another platform is refused by name" {
  have bb
  run -125 sbx run --rm --platform linux/s390x "$SBX_REGISTRY/test/bb:1" true
  assert_contains 'linux/s390x'
}

@test "-it gives the program a terminal of its own, of our size, and leaves ours as it was" {
  have bb
  run -7 on_terminal size:40x120 -- "$SBX_PROGRAM" run --rm -it localhost/bb sh -c 'tty; stty size; exit 7'
  assert_output $'/dev/pts/0\n40 120'
}

@test "what is typed reaches the program, keys that send signals too" {
  have bb
  run -0 on_terminal expect:ready 'send:typed\r' -- "$SBX_PROGRAM" run --rm -it localhost/bb \
    sh -c 'stty -echo; echo ready; read line; echo "got $line"'
  assert_output $'ready\ngot typed'
  run -9 on_terminal expect:ready 'send:\x03' -- "$SBX_PROGRAM" run --rm -it localhost/bb \
    sh -c 'trap "exit 9" INT; echo ready; read line'
  assert_output $'ready\n^C'
}

@test "a change of our terminal's size is the container's" {
  have bb
  run -0 on_terminal expect:ready size:33x77 'expect:33 77' -- "$SBX_PROGRAM" run --rm -it localhost/bb \
    sh -c 'trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.1; done'
}

@test "the detach keys leave the container running, and start --attach takes it up again" {
  have bb
  run -0 on_terminal expect:ready 'send:\x10\x11' -- "$SBX_PROGRAM" run --name box -it localhost/bb \
    sh -c 'echo ready; read line; echo "got $line"; exit 5'
  refute_contains 'the terminal is not as it was'
  run -0 sbx ps --format '{{.Names}} {{.State}}'
  assert_output 'box running'
  run -5 on_terminal 'send:later\r' 'expect:got later' -- "$SBX_PROGRAM" start --attach box
  assert_contains 'got later'
  run -0 sbx inspect --format '{{.State.ExitCode}}' box
  assert_output 5
}

@test "--detach-keys are other keys, or none" {
  have bb
  run -0 on_terminal expect:ready 'send:ab' -- "$SBX_PROGRAM" run --rm --name box --detach-keys a,b \
    -it localhost/bb sh -c 'echo ready; read line'
  sbx rm -f box
  run -0 on_terminal expect:ready 'send:\x10\x11\r' -- "$SBX_PROGRAM" run --rm --detach-keys '' \
    -it localhost/bb sh -c 'stty -echo; echo ready; read line; echo "got ${#line}"'
  assert_contains 'got 1'
  refused "--detach-keys ctrl-alt: 'ctrl-alt' is not a key" --detach-keys ctrl-alt localhost/bb true
}

@test "a terminal that is closed leaves the container running" {
  have bb
  run -0 on_terminal expect:ready hangup -- "$SBX_PROGRAM" run --name box -it localhost/bb \
    sh -c 'echo ready; read line'
  run -0 sbx ps --format '{{.Names}}'
  assert_output box
  sbx rm -f box
}

@test "a run on a terminal that fails leaves it as it was, and nothing else" {
  have bb
  TERM=dumb run -127 on_terminal -- "$SBX_PROGRAM" run --rm -it localhost/bb no-such-program
  assert_output "sbx: cannot run 'localhost/bb': run 'no-such-program': it is not in the container's PATH (/bin)"
  assert_nothing_left
}

@test "-t makes a terminal also where we have none" {
  have bb
  run -0 bash -c '"$SBX_PROGRAM" run --rm -t localhost/bb sh -c "tty; echo two" </dev/null'
  assert_output $'/dev/pts/0\r\ntwo\r'
}

@test "-it needs a terminal to type at" {
  have bb
  run -125 bash -c 'echo piped | "$SBX_PROGRAM" run --rm -it localhost/bb sh'
  assert_output $'sbx: the input device is not a terminal\nhint: leave out -t, or -i where the container was made with a terminal'
  assert_nothing_left
}

@test "an empty value behind '=' is one" {
  have app
  run -0 sbx run --rm --entrypoint= localhost/app echo plain
  assert_output plain
}

@test "the container can tell that it is one, and which" {
  have bb
  run -0 sbx run --rm --name box localhost/bb cat /run/.containerenv
  assert_contains 'name="box"'
  assert_contains 'image="localhost/bb"'
  run -1 sbx run --rm localhost/bb sh -c 'echo engine=x >/run/.containerenv'
  run -0 sbx run --rm --read-only localhost/bb test -s /run/.containerenv
}

@test "nothing is put into a folder of ours at /run" {
  have bb
  mkdir mine
  run -0 sbx run --rm -v ./mine:/run localhost/bb ls -A /run
  assert_output ''
  run -0 ls -A mine
  assert_output ''
}

@test "every user may ping, from a network of the container's own" {
  have bb
  local groups
  for options in '' '-u 1000:1000' '--userns keep-id'; do
    groups=$(sbx run --rm $options localhost/bb sh -c 'cat /proc/sys/net/ipv4/ping_group_range; id -g')
    read -r first last group <<<"${groups//$'\n'/ }"
    [ "$first" -le "$group" ] && [ "$group" -le "$last" ]
  done
  run -0 sbx run --rm --sysctl 'net.ipv4.ping_group_range=5 7' localhost/bb \
    cat /proc/sys/net/ipv4/ping_group_range
  assert_output $'5\t7'
}

@test "run -d leaves the container running, prints its id, and holds nothing open" {
  have bb
  run -0 timeout 20 bash -c '"$SBX_PROGRAM" run -d --name box localhost/bb sh -c "echo up; sleep 1000" | cat'
  [[ $output =~ ^[0-9a-f]{64}$ ]]
  run -0 sbx ps --no-trunc --quiet
  assert_output "${lines[0]}"
  eventually grep -q up <("$SBX_PROGRAM" logs box)
  sbx rm -f box
}

@test "run -d --rm leaves nothing once it has ended" {
  have bb
  sbx run -d --rm --name box localhost/bb true
  eventually bash -c '! "$SBX_PROGRAM" inspect box'
  [ -z "$(ls -A "$XDG_DATA_HOME/sbx/containers" | grep -v '^\.' || true)" ]
}

@test "run -d tells a failure to start as run does" {
  have bb
  run -127 sbx run -d --name box localhost/bb no-such-program
  assert_contains "cannot run 'localhost/bb': run 'no-such-program'"
  run -125 sbx run -d -a stdout localhost/bb true
  assert_contains 'exclude each other'
  run -125 sbx run -a nothing localhost/bb true
  assert_contains '--attach nothing'
}

@test "run -a stays with a stream alone, also with --rm" {
  have bb
  "$SBX_PROGRAM" run --rm -a STDERR localhost/bb sh -c 'echo out; echo err >&2' >out 2>err
  [ "$(<out)" = '' ]
  [ "$(<err)" = err ]
  run -0 bash -c 'echo typed | "$SBX_PROGRAM" run --rm -i -a stdout localhost/bb sh -c "timeout 1 cat; echo end"'
  assert_output end
  "$SBX_PROGRAM" run -a stderr localhost/bb sh -c 'echo out; echo err >&2' >out 2>err
  [ "$(<out)" = '' ]
  [ "$(<err)" = err ]
}

@test "a run whose output nobody reads any more ends" {
  have bb
  run -0 timeout 20 bash -c '"$SBX_PROGRAM" run --name box localhost/bb yes | head -n 1'
  assert_output y
  run -0 sbx wait box
  assert_output 137
}

@test "a container outlives the sbx that ran it, if that is killed" {
  have bb
  "$SBX_PROGRAM" run --name box localhost/bb sleep 1000 &
  local pid=$!
  eventually sbx exec box true
  kill -KILL $pid
  assert_ends_with 137 $pid
  run -0 sbx ps --format '{{.Names}}'
  assert_output box
  sbx rm -f box
}

@test "run --restart starts it again, as often as it was told, and longer apart each time" {
  have bb
  sbx run -d --name box --restart on-failure:2 localhost/bb sh -c 'echo life; exit 3'
  eventually bash -c '[ "$("$SBX_PROGRAM" logs box | wc -l)" = 3 ]'
  eventually bash -c '[ "$("$SBX_PROGRAM" inspect --format "{{.State.Status}} {{.RestartCount}}" box)" = "exited 2" ]'
  sleep 1
  run -0 sbx logs box
  assert_output $'life\nlife\nlife'
}

@test "a container that is always restarted ends by rm -f" {
  have bb
  sbx run -d --name box --restart always localhost/bb sh -c 'echo life; sleep 0.05'
  eventually bash -c '[ "$("$SBX_PROGRAM" logs box | wc -l)" -ge 3 ]'
  run -0 sbx inspect --format '{{.HostConfig.RestartPolicy.Name}}' box
  assert_output always
  sbx rm -f box
  sleep 0.5
  run -0 sbx ps -aq
  assert_output ''
  [ -z "$(ls -A "$XDG_DATA_HOME/sbx/containers" | grep -v '^\.' || true)" ]
  [ -z "$(ls -A "$XDG_RUNTIME_DIR/sbx/containers")" ]
}

# Processes that have ended keep theirs until somebody asks how: a slow parent of many is enough.
@test "run and exec need none of the person's quota of keys where it is used up" {
  have bb
  coproc FILL { exec python3 "$BATS_TEST_DIRNAME/../support/fill_keys.py" 3>&-; }
  read -r -u "${FILL[0]}" _
  run -0 sbx run -d --name box localhost/bb sleep 60
  run -0 sbx exec box true
  sbx rm -f box
  exec {FILL[1]}>&-
}

@test "run --sig-proxy=false keeps signals to itself, also with --rm" {
  have bb
  "$SBX_PROGRAM" run --rm --name box --sig-proxy=false localhost/bb \
    sh -c 'trap "exit 6" TERM; while :; do sleep 0.05; done' 3>&- &
  local pid=$!
  eventually sbx exec box true
  kill -TERM $pid
  assert_ends_with 0 $pid
  run -0 sbx ps --format '{{.Names}}'
  assert_output box
  sbx rm -f box
}

@test "with --log-driver passthrough the program writes to what sbx writes to, in every life" {
  have bb
  run -0 bash -c 'echo typed | timeout 20 "$SBX_PROGRAM" run -d --name box --log-driver passthrough \
    --restart on-failure:1 localhost/bb sh -c "cat; echo life; exit 3" 2>&1 | grep -v "^[0-9a-f]*$"'
  assert_output $'life\nlife'
}

@test "--restart is refused where it means nothing" {
  have bb
  refused '--restart and --preserve-fds exclude each other' --restart always --preserve-fds 1 \
    localhost/bb true 3</dev/null
  refused "--restart: 'maybe' is not always, unless-stopped" --restart maybe localhost/bb true
  refused '--restart and --rm exclude each other' --rm --restart always localhost/bb true
}

@test "a program without a terminal of its own is typed to in lines" {
  have bb
  local script='echo up; while read x; do echo got $x; done; [ -t 0 ] || echo no terminal'
  sbx run -d --name box localhost/bb sleep 1000 3>&-
  local -a ways=("run --rm -i localhost/bb" "run --rm --init -i localhost/bb" "run -i localhost/bb"
    "exec -i box")
  for way in "${ways[@]}"; do
    # shellcheck disable=SC2086
    run -0 on_terminal expect:up 'send:onw\x7fe\r' 'expect:got one' 'send:\x04' -- \
      "$SBX_PROGRAM" $way sh -c "$script"
    assert_contains 'no terminal'
    # What is typed comes through once sbx looks after the program; before, a ^C may end sbx alone.
    # shellcheck disable=SC2086
    run -9 on_terminal expect:up 'send:go\r' 'expect:got go' 'send:\x03' -- "$SBX_PROGRAM" $way \
      sh -c 'trap "exit 9" INT; echo up; read x; echo got $x; while :; do sleep 0.05; done'
  done
  sbx rm -f -t 0 box
}

@test "what is typed at the shell while sbx is stopped is the shell's" {
  have bb
  sbx run -d --name box localhost/bb sleep 1000 3>&-
  local script='echo u""p; while read x; do echo got $x; done'
  for way in "run --rm -i localhost/bb" "run -i localhost/bb" "exec -i box"; do
    run -0 on_terminal 'expect:$ ' \
      "send:$SBX_PROGRAM $way sh -c '$script'\\r" \
      expect:up 'send:\x1a' expect:Stopped 'send:echo the she""ll\r' 'expect:the shell' \
      'send:fg\n' "expect:$script" 'send:one\n' 'expect:got one' 'send:\x04' 'expect:$ ' 'send:exit\r' -- \
      env PS1='$ ' HISTFILE= bash --norc --noprofile -i
    refute_contains 'got echo'
  done
  sbx rm -f -t 0 box
}
