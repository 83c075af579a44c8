load ../support/sbx

@test "start --attach has the container's output and its status, every time" {
  have bb
  sbx create --name box localhost/bb sh -c 'echo x >>/log; wc -l </log; exit 3'
  run -3 sbx start --attach box
  assert_output 1
  run -3 sbx start -a box
  assert_output 2
}

@test "start hands on standard input only if asked to" {
  have bb
  sbx create --name box localhost/bb cat
  run -0 bash -c 'echo typed | "$SBX_PROGRAM" start -a box'
  assert_output ''
  run -0 bash -c 'echo typed | "$SBX_PROGRAM" start -ai box'
  assert_output typed
}

@test "start takes a beginning of an id, and names what is not there" {
  have bb
  local id
  id=$(sbx create localhost/bb echo ran)
  run -0 sbx start -a "${id:0:12}"
  assert_output ran
  run -125 sbx start -a nosuch
  assert_contains "there is no container 'nosuch'"
}

@test "start leaves containers running, and names each" {
  have bb
  sbx create --name one localhost/bb sh -c 'echo ran; sleep 1000'
  sbx create --name two localhost/bb sleep 1000
  run -0 sbx start one two
  assert_output $'one\ntwo'
  run -0 sbx ps --format '{{.Names}} {{.State}}'
  assert_output $'two running\none running'
  run -0 sbx start one
  assert_output one
  eventually grep -q ran <("$SBX_PROGRAM" logs one)
  run -0 sbx logs one
  assert_output ran
  run -125 sbx start nosuch two
  assert_contains "there is no container 'nosuch'"
  assert_contains two
  sbx rm -fa
}

@test "start says why a program cannot be run, and that is recorded" {
  have bb
  sbx create --name box localhost/bb /no/such/program
  run -125 sbx start box
  assert_contains "cannot start 'box'"
  run -0 sbx inspect --format '{{.State.ExitCode}}' box
  assert_output 127
}

@test "what a container needs and has lost is told when it starts" {
  have bb
  mkdir dir
  sbx create --name box -v ./dir:/d localhost/bb true
  rmdir dir
  run -125 sbx start -a box
  assert_contains "cannot start 'box'"
  assert_contains 'No such file or directory'
  mkdir dir
  run -0 sbx start -a box
}

@test "start -ai needs a terminal to type at if the container has one" {
  have bb
  sbx create --name box -it localhost/bb sh
  run -125 bash -c 'echo piped | "$SBX_PROGRAM" start -ai box'
  assert_contains 'the input device is not a terminal'
}

@test "what runs is known in every runtime folder, and not started twice" {
  have bb
  sbx run -d --name box localhost/bb sleep 600 >/dev/null 3>&-
  local pid
  pid=$(sbx inspect --format '{{.State.Pid}}' box)
  mkdir -m 700 elsewhere
  run -0 env XDG_RUNTIME_DIR="$PWD/elsewhere" "$SBX_PROGRAM" inspect --format '{{.State.Status}} {{.State.Pid}}' box
  assert_output "running $pid"
  env XDG_RUNTIME_DIR="$PWD/elsewhere" "$SBX_PROGRAM" start box
  run -0 sbx inspect --format '{{.State.Pid}}' box
  assert_output "$pid"
  env XDG_RUNTIME_DIR="$PWD/elsewhere" "$SBX_PROGRAM" rm -f box
  run -0 sbx ps -aq
  assert_output ''
}

@test "a container starts with another runtime folder after a reboot" {
  have bb
  sbx create --name box localhost/bb cat /etc/hostname >/dev/null
  mv "$XDG_RUNTIME_DIR" gone
  mkdir -m 700 elsewhere
  run -0 env XDG_RUNTIME_DIR="$PWD/elsewhere" "$SBX_PROGRAM" start -a box
  assert_output "$(sbx inspect --format '{{.Config.Hostname}}' box)"
}
