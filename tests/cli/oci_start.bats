load ../support/oci

@test "start runs the program once" {
  bundle b sleep 60
  oci create -b b box </dev/null >created 2>&1
  run -0 oci start box
  status_is box running
  run -1 oci start box
  assert_contains 'cannot start an already running container'
  oci kill box KILL
  eventually status_is box stopped
  run -1 oci start box
  assert_contains 'cannot start a container that has stopped'
  run -1 oci start nosuch
  assert_contains 'does not exist'
}

@test "start says what was wrong with the program" {
  bundle b /bin/script
  printf '#!/no/such/interpreter\n' >b/rootfs/bin/script
  chmod +x b/rootfs/bin/script
  oci create -b b box </dev/null >created 2>&1
  run -1 oci start box
  assert_contains "run '/bin/script': No such file or directory"
  status_is box stopped
}

@test "a container that ended before start has stopped" {
  bundle b sleep 60
  oci create -b b box </dev/null >created 2>&1
  oci kill box KILL
  eventually status_is box stopped
  run -0 oci delete box
}

@test "start fails, and ends the program, where a hook of poststart does" {
  bundle b sleep 60
  edit b '.hooks.poststart = [{path: "/bin/sh", args: ["sh", "-c", "exit 3"]}]'
  oci create -b b box >out
  run -1 oci start box
  assert_contains "poststart hook '/bin/sh': it ended with status 3"
  eventually status_is box stopped
}
