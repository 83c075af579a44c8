load ../support/sbx

runs() { [ "$(sbx inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }
shows() { sbx top box args | grep -q "$1"; }

start() {
  "$SBX_PROGRAM" run --name box "$@" &
  pid=$!
  eventually runs box
}

stop() {
  sbx kill box
  assert_ends_with 137 $pid
}

@test "top shows what runs in a container, in its own numbers and names" {
  have bb
  start localhost/bb sh -c 'sleep 1000 & su nina -c "sleep 2000"; wait'
  eventually shows 'sleep 2000'
  run -0 sbx top box
  [[ ${lines[0]} =~ ^USER\ +PID\ +PPID\ +%CPU\ +ELAPSED\ +TTY\ +TIME\ +COMMAND$ ]]
  [[ ${lines[1]} =~ ^root\ +1\ +0\ +[0-9.]+\ +[0-9]+s\ +\?\ +0s\ +sh\ -c\  ]]
  [[ $output =~ (^|$'\n')nina\ +[0-9]+\ +[0-9]+\ .*sleep\ 2000 ]]
  run -0 sbx top box pid,hpid,huser args
  [[ ${lines[0]} =~ ^PID\ +HPID\ +HUSER\ +COMMAND$ ]]
  [[ ${lines[1]} =~ ^1\ +$(sbx inspect --format '{{.State.Pid}}' box)\ +$(id -un)\ +sh ]]
  run -0 sbx container top box -eo comm
  [ "${lines[0]}" = COMMAND ]
  run -0 sbx top -l pid
  [ "${lines[1]}" = 1 ]
  stop
}

@test "top runs no program of the container" {
  have bb
  mkdir out
  start -v ./out:/out localhost/bb sh -c 'rm /bin/ps /etc/passwd; mkfifo /etc/passwd; printf "#!/bin/sh\necho pwn >/out/pwn\n" >/bin/ps; chmod +x /bin/ps; exec sleep 1000'
  eventually shows '^sleep 1000'
  run -0 sbx top box user,args
  assert_contains 'sleep 1000'
  [ ! -e out/pwn ]
  stop
}

@test "what a program calls itself does nothing to the terminal" {
  have bb
  start localhost/bb sh -c "sh -c 'sleep 1000; true' \$(printf 'x\\033]0;evil\\007\\nroot')"
  eventually shows 'evil'
  run -0 sbx top box args
  [[ $output != *$'\e'* && $output != *$'\a'* ]]
  assert_contains '\x1b]0;evil\x07'
  stop
}

@test "top says what it cannot show" {
  have bb
  sbx create --name box localhost/bb true
  run -125 sbx top box
  assert_contains "cannot list the processes of 'box': it does not run"
  run -125 sbx top nosuch
  assert_contains "there is no container 'nosuch'"
  run -125 sbx top box colour
  assert_contains "there is no column 'colour'"
  run -125 sbx top
}

@test "the processes are the container's also where it sees those of the host" {
  have bb
  start --pid host localhost/bb sh -c 'sleep 1000; true'
  eventually shows '^sleep 1000'
  run -0 sbx top box pid,args
  [ ${#lines[@]} -eq 3 ]
  stop
}

@test "pod top shows what runs in all containers of a pod, without the infra" {
  have bb
  sbx pod create p
  run -125 sbx pod top p
  assert_contains "no container of pod 'p' runs"
  sbx run -d --pod p localhost/bb sleep 1111 3>&-
  sbx run -d --pod p localhost/bb sleep 2222 3>&-
  run -0 sbx pod top p args
  assert_output $'COMMAND\nsleep 1111\nsleep 2222'
  run -0 sbx pod top -l args
  assert_contains 'sleep 2222'
  run -125 sbx pod top
  assert_contains 'name a pod, or give --latest'
  run -125 sbx pod top nosuch
  assert_contains "there is no pod 'nosuch'"
  sbx pod rm -f p
}
