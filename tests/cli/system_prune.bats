load ../support/sbx

@test "system prune removes what nothing needs" {
  have bb app
  sbx untag localhost/app
  sbx create --name box localhost/bb
  sbx volume create data
  run -0 --separate-stderr sbx system prune --force
  [ "${lines[0]}" = 'Deleted Containers' ]
  [ "${lines[2]}" = 'Deleted Images' ]
  [ ${#lines[@]} -eq 4 ]
  [[ $stderr == *' freed' ]]
  run -0 sbx ps -aq
  assert_output ''
  run -0 sbx images --format '{{.Repository}}'
  assert_output localhost/bb
  run -0 sbx volume exists data
}

@test "what runs stays, with its image" {
  have bb app
  sbx run --name box localhost/bb sleep 60 &
  eventually bash -c '"$SBX_PROGRAM" ps -q | grep -q .'
  run -0 sbx system prune --all --force
  run -0 sbx images --format '{{.Repository}}'
  assert_output localhost/bb
  run -0 sbx ps --format '{{.Names}}'
  assert_output box
  sbx rm -f box
}

@test "system prune says what would go, and only a yes counts" {
  have bb
  sbx create --name box -v /d localhost/bb
  run -0 --separate-stderr sbx system prune --all --volumes <<<no
  assert_output ''
  [[ $stderr == *'- containers that do not run: 1, '* ]]
  [[ $stderr == *'- images that no container uses then: 1, '* ]]
  [[ $stderr == *'- volumes without a name that no container has then: 1, '* ]]
  [[ $stderr == *'Remove all that? [y/N]'* ]]
  run -0 sbx system prune --all </dev/null
  run -0 sbx ps -aq
  [ ${#lines[@]} -eq 1 ]
  run -0 sbx system prune --all <<<yes
  run -0 sbx ps -aq
  assert_output ''
  run -0 sbx images -q
  assert_output ''
}

@test "system prune --volumes removes those without a name alone" {
  have bb
  sbx create --name box -v /d localhost/bb
  rm -r "$XDG_DATA_HOME"/sbx/containers/* "$XDG_DATA_HOME/sbx/container-names/box"
  sbx volume create data
  run -0 sbx system prune --force
  run -0 sbx volume ls -q
  [ ${#lines[@]} -eq 2 ]
  run -0 sbx system prune --force --volumes
  assert_contains 'Deleted Volumes'
  run -0 sbx volume ls -q
  assert_output data
}

@test "system prune --filter removes what it admits" {
  have bb
  sbx create --name old --label keep localhost/bb
  sbx create --name other localhost/bb
  run -0 sbx system prune --force --filter until=2001-01-01
  run -0 sbx system prune --force --filter label!=keep
  run -0 sbx ps -a --format '{{.Names}}'
  assert_output old
  run -125 sbx system prune --force --filter name=old
  assert_contains '--filter name=old: until=, label= or label!= belongs there'
  run -0 sbx ps -aq
  [ ${#lines[@]} -eq 1 ]
}

@test "system prune removes networks that no container is on then" {
  have bb
  sbx network create app
  sbx network create --label keep kept
  sbx create --name box --network app localhost/bb >out
  run -0 --separate-stderr sbx system prune <<<no
  [[ $stderr == *'- networks that no container is on then'* ]]
  run -0 sbx system prune --force --filter label!=keep
  assert_contains $'Deleted Networks\napp'
  run -0 sbx network ls -q
  assert_output kept
}

@test "system prune removes pods that have ended, and no infra alone" {
  have bb
  sbx pod create --name ended
  sbx pod create --name kept --label keep
  sbx pod create --name runs
  sbx pod create --name new
  sbx pod create --name holds
  sbx run --pod holds --name member --label keep localhost/bb true
  for pod in ended kept runs; do sbx run -d --pod $pod --name in-$pod localhost/bb sleep 1000 3>&-; done
  sbx pod stop -t 0 ended kept holds
  run -0 --separate-stderr sbx system prune <<<no
  [[ $stderr == *'- pods that have ended, with all that is in them'* ]]
  run -0 sbx system prune --force --filter label!=keep
  assert_contains 'Deleted Pods'
  refute_contains infra
  run -0 sbx pod ps --sort name --format '{{.Name}}'
  assert_output $'holds\nkept\nnew\nruns'
  sbx container exists member
  run -0 sbx ps -a --format '{{.Names}}' --filter name=^in-
  assert_output in-runs
  sbx pod rm -f holds kept runs new
}
