load ../support/sbx

# One without a name that no container has any more: those of a container go with it.
leave_unnamed() {
  have bb
  sbx create --name box -v /d localhost/bb
  local record
  record=$(echo "$XDG_DATA_HOME"/sbx/containers/*)
  rm -r "$record" "$XDG_DATA_HOME/sbx/container-names/box"
}

@test "volume prune removes unnamed volumes that no container has, and says how much that is" {
  leave_unnamed
  sbx volume create named
  sbx create --name other -v /d localhost/bb
  run -0 sbx volume ls -q
  [ ${#lines[@]} -eq 3 ]
  run -0 --separate-stderr sbx volume prune --force
  [[ $output =~ ^[0-9a-f]{64}$ ]]
  [[ $stderr == *' freed' ]]
  run -0 sbx volume ls -q
  [ ${#lines[@]} -eq 2 ]
  run -0 sbx volume exists named
}

@test "volume prune --all removes all that no container has" {
  have bb
  sbx volume create named
  sbx volume create used
  sbx create -v used:/d localhost/bb
  run -0 --separate-stderr sbx volume prune --all --force
  assert_output named
  run -0 sbx volume ls -q
  assert_output used
}

@test "volume prune asks first, and only a yes counts" {
  sbx volume create named
  run -0 --separate-stderr sbx volume prune --all <<<no
  [[ $stderr == 'Remove all volumes that no container has? [y/N]'* ]]
  run -0 sbx volume prune --all </dev/null
  run -0 sbx volume exists named
  run -0 sbx volume prune -a <<<y
  run -1 sbx volume exists named
}

@test "volume prune --filter removes what it admits" {
  sbx volume create --label keep one
  sbx volume create two
  run -0 sbx volume prune -af --filter until=2001-01-01
  run -0 --separate-stderr sbx volume prune -af --filter label!=keep
  assert_output two
  run -125 sbx volume prune -af --filter colour=red
  run -0 sbx volume ls -q
  assert_output one
}
