load ../support/sbx

@test "generate systemd prints a unit, by id or by name" {
  have bb
  sbx create --name box localhost/bb sleep 5 >/dev/null
  run -0 sbx generate systemd -n box
  assert_contains "ExecStart=$(readlink -f "$SBX_PROGRAM") start --attach box"
  assert_contains "Environment=\"XDG_DATA_HOME=$XDG_DATA_HOME\""
  assert_contains 'WantedBy=default.target'
  run -0 sbx generate systemd box
  assert_contains "start --attach $(sbx ps -aq --no-trunc)"
}

@test "generate systemd --files writes the unit here" {
  have bb
  sbx create --name box localhost/bb sleep 5 >/dev/null
  run -0 sbx generate systemd -n --files --no-header box
  assert_output "$PWD/container-box.service"
  [ "$(head -n 1 container-box.service)" = '[Unit]' ]
  run -0 sbx generate systemd -nf --container-prefix c --separator _ box
  [ -s c_box.service ]
  run -125 sbx generate systemd -nf --container-prefix ../c box
  assert_contains 'no name of a file'
  [ ! -e ../c-box.service ]
}

@test "generate systemd knows what it is told" {
  have bb
  sbx create --name box localhost/bb true >/dev/null
  run -125 sbx generate systemd nosuch
  assert_contains "there is no container 'nosuch'"
  run -125 sbx generate systemd --restart-policy often box
  assert_contains '--restart-policy often'
  run -125 sbx generate systemd -t soon box
  assert_contains '--stop-timeout'
  run -125 sbx generate systemd
}

@test "generate systemd names the store that was named" {
  have bb
  sbx --root "$PWD/other" create -q --name box "oci:$SBX_IMAGES:bb" true >/dev/null
  run -0 sbx --root "$PWD/other" generate systemd -n box
  assert_contains " --root $PWD/other start --attach box"
  refute_contains XDG_DATA_HOME
}

@test "generate systemd --new runs the command that the container was made with" {
  have bb
  run -0 sbx run -d --rm --name box -e 'A=a b' --restart no localhost/bb sleep 1000 3>&-
  run -0 sbx inspect --format '{{json .Config.CreateCommand}}' box
  assert_output '["sbx","run","-d","--rm","--name","box","-e","A=a b","--restart","no","localhost/bb","sleep","1000"]'
  run -0 sbx generate systemd --new --no-header --time 3 box
  assert_contains "ExecStart=$(readlink -f "$SBX_PROGRAM") run --rm --replace --name box -e \"A=a b\" localhost/bb sleep 1000"
  assert_contains "WorkingDirectory=$PWD"
  assert_contains 'stop --time 3 --ignore box'
  sbx rm -f -t 0 box
}
