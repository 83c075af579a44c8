load ../support/sbx

@test "a command wants to know which containers, and in one way" {
  for command in kill stop; do
    run -125 sbx $command
    assert_contains 'name containers, or give --all'
    run -125 sbx $command --all box
    assert_contains 'names, --all and --latest exclude each other'
    run -125 sbx $command --latest --all
    run -125 sbx $command --latest
    assert_contains 'there are no containers'
  done
}

@test "a command that cannot be for all does not offer it" {
  run -125 sbx logs
  assert_contains 'name containers, or give --latest'
}

@test "--latest is the one made last" {
  have bb
  sbx create --name one localhost/bb true
  sbx create --name two localhost/bb true
  run -0 sbx stop -l
  assert_output "$(sbx inspect --format '{{.Id}}' two)"
}

@test "--cidfile names the container that a file names" {
  have bb
  sbx create --name one --cidfile cid localhost/bb true
  run -0 sbx stop --cidfile cid
  assert_output "$(cat cid)"
  run -125 sbx stop --cidfile nosuch one
  assert_contains "--cidfile: open 'nosuch'"
  [ "${lines[-1]}" = one ]
  run -0 sbx stop --ignore --cidfile nosuch
  printf '\e]0;x\a' >bad
  run -125 sbx stop --cidfile bad
  assert_contains "there is no container '\\x1b]0;x\\x07'"
}

@test "a container that is named twice is meant once" {
  have bb
  local id
  id=$(sbx create --name one localhost/bb true)
  run -0 sbx stop one "$id" one
  assert_output one
}

@test "--filter takes those for which it holds" {
  have bb
  sbx create --name one -l kind=test localhost/bb true
  sbx create --name two localhost/bb true
  run -125 sbx stop --filter colour=red
  run -0 sbx stop --filter label=kind=test  # of those that run
  assert_output ''
}
