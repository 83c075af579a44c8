load ../support/sbx

@test "secret rm removes secrets, and prints their ids" {
  printf x | sbx secret create one -
  printf x | sbx secret create two -
  local id
  id=$(sbx secret inspect -f '{{.ID}}' one)
  run -0 sbx secret rm one
  assert_output "$id"
  run -0 sbx secret ls --format '{{.Name}}'
  assert_output two
  run -0 sbx secret rm "$(sbx secret ls -q)"
  run -0 sbx secret ls -q
  assert_output ''
}

@test "what is not there is an error, unless it is to be ignored; the others still go" {
  printf x | sbx secret create one -
  run -125 sbx secret rm none one
  assert_contains "there is no secret 'none'"
  run -0 sbx secret rm --ignore none
  assert_output ''
  run -1 sbx secret exists one
  run -125 sbx secret rm
  assert_contains 'name secrets, or give --all'
}

@test "secret rm --all removes all, also one that is damaged" {
  printf x | sbx secret create one -
  echo broken >"$XDG_DATA_HOME/sbx/secrets/two"
  run -125 sbx secret inspect two
  refute_contains broken
  run -0 sbx secret rm -a
  run -0 ls "$XDG_DATA_HOME/sbx/secrets"
  assert_output ''
}
