load ../support/sbx

# A container "box" that sleeps until the test's end.
box() {
  have bb
  "$SBX_PROGRAM" run --rm --name box "$@" localhost/bb sleep 60 &
  BOX=$!
  eventually runs box
}

end_box() {
  kill -KILL "$BOX"
  wait "$BOX" || true
}

runs() { [ "$(sbx inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }

@test "exec runs a program beside the container's, and returns its status" {
  box -e FROM=run -w /tmp
  run -5 sbx exec box sh -c 'echo $FROM; pwd; tr "\0" " " </proc/1/cmdline; exit 5'
  assert_output $'run\n/tmp\nsleep 60 '
  run -0 sbx exec -e A=b -w / -u 0 box sh -c 'echo $A; pwd; id -u'
  assert_output $'b\n/\n0'
  runs box
  end_box
}

@test "exec hands on standard input with -i alone" {
  box
  run -0 sbx exec box cat <<<typed
  assert_output ''
  run -0 sbx exec -i box cat <<<typed
  assert_output typed
  end_box
}

@test "exec has the limits of the container's program" {
  box --cap-drop ALL --security-opt no-new-privileges
  run -0 sbx exec box grep -E '^(CapBnd|CapEff|NoNewPrivs|Seccomp):' /proc/self/status
  [ "$(tr -d '\t ' <<<"$output")" = $'CapEff:0000000000000000\nCapBnd:0000000000000000\nNoNewPrivs:1\nSeccomp:2' ]
  run -0 sbx exec --privileged box grep -E '^(CapEff|Seccomp):' /proc/self/status
  refute_contains 0000000000000000
  assert_contains $'Seccomp:\t0'
  end_box
}

@test "exec hands on descriptors of the person alone" {
  box
  run -125 sbx exec --preserve-fds 1 box true 3<&-
  assert_contains '--preserve-fds 1: descriptor 3 is to be the program'
  run -125 sbx exec --preserve-fds 2147483647 box true
  assert_contains 'at most 1024'
  echo text >file
  run -0 sbx exec --preserve-fds 1 box cat /proc/self/fd/3 3<file
  assert_output text
  end_box
}

@test "exec gives a terminal" {
  box
  run -0 on_terminal expect:/dev/pts/ 'send:typed\r' 'expect:got typed' -- \
    "$SBX_PROGRAM" exec -it box sh -c 'tty; read x; echo "got $x"'
  end_box
}

@test "exec --detach tells of the end, also of a program with a terminal" {
  have bb
  sbx run -d --name box localhost/bb sleep 1000 3>&-
  sbx exec -d box sh -c 'exit 4' 3>&-
  sbx exec -dt box sh -c 'echo much; exit 5' 3>&-
  codes() {
    [ "$(sbx events --stream=false -f event=exec_die --format '{{.Actor.Attributes.exitCode}}' | sort | tr '\n' ' ')" = '4 5 ' ]
  }
  eventually codes
  sbx rm -f box
}

@test "exec --detach comes back at once, the program goes on" {
  box
  run -0 timeout 10 "$SBX_PROGRAM" exec -d box sh -c 'sleep 50'
  assert_output ''
  run -0 sbx exec box ps
  assert_contains 'sleep 50'
  run -127 sbx exec -d box nosuch
  assert_contains nosuch
  end_box
}

@test "exec --latest takes the container made last" {
  box
  run -0 sbx exec -l echo hello
  assert_output hello
  end_box
}

@test "exec tells what cannot be run by its status" {
  box
  run -127 sbx exec box nosuch
  run -126 sbx exec box /etc
  run -125 sbx exec box
  assert_output $'sbx: no command is given\nhint: for a shell: `sbx exec -it box sh`'
  run -125 sbx exec box ''
  assert_contains 'the command is an empty word'
  run -125 sbx exec -u nosuch box true
  assert_contains "cannot execute in 'box': the image's /etc/passwd has no user 'nosuch'"
  run -125 sbx exec -u 0:nosuch box true
  assert_contains "has no group 'nosuch'"
  run -125 sbx exec nosuch true
  assert_contains "there is no container 'nosuch'"
  end_box
  sbx create --name made localhost/bb true
  run -125 sbx exec made true
  assert_contains 'does not run'
}

@test "exec left by its keys goes on, and nothing of sbx stays when it has ended" {
  box
  run -0 on_terminal expect:up 'send:\x10\x11' -- "$SBX_PROGRAM" exec -it box sh -c 'echo up; sleep 51'
  run -0 sbx exec box ps
  assert_contains 'sleep 51'
  end_box
  eventually nothing_left
}

nothing_left() { [ -z "$(processes_left)" ]; }
