load ../support/sbx

@test "update changes the limits of a container, and keeps the others" {
  have bb
  sbx create --name box localhost/bb true
  local kept='0 0' limits='{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}'
  if can_limit; then
    run -0 sbx update --memory 64m box
    assert_output box
    run -0 sbx update --pids-limit 50 box
    kept='67108864 50'
  else
    run -125 sbx update --memory 64m box
    assert_contains 'limits need'
  fi
  run -0 sbx inspect --format "$limits" box
  assert_output "$kept"
  run -0 sbx update --memory 0 --memory-swap -1 --pids-limit -1 box
  run -0 sbx inspect --format "$limits" box
  assert_output '0 0'
}

# Whether a container of this user can have a limit here.
can_limit() { sbx run --rm --memory 64m localhost/bb true; }

@test "update asks for something to change" {
  have bb
  sbx create --name box localhost/bb true
  run -125 sbx update box
  assert_output $'sbx: no limit is given\nhint: `sbx update --help` names them'
}

@test "update tells of what cannot be, and does the others" {
  have bb
  sbx create --name box localhost/bb true
  run -125 sbx update --memory much box
  assert_contains "cannot update 'box': --memory much: a size, such as 512m, belongs there"
  run -125 sbx update --pids-limit 0 nothing box
  assert_contains "nothing"
  [ "${lines[-1]}" = box ]
}
