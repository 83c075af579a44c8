load ../support/sbx

@test "secret ls shows secrets as podman does, and nothing of what they are" {
  printf hunter2 | sbx secret create two -
  printf hunter2 | sbx secret create one -
  run -0 sbx secret ls
  [[ ${lines[0]} == 'ID '*'NAME  DRIVER  CREATED '*'UPDATED' ]]
  [[ ${lines[1]} == *' one '*file* ]]
  refute_contains hunter2
  run -0 sbx secret ls --format '{{.Name}} {{.Driver}}'
  assert_output $'one file\ntwo file'
  run -0 sbx secret ls --format json
  refute_contains hunter2
  run -0 sbx secret list --noheading
  [ ${#lines[@]} -eq 2 ]
}

@test "secret ls --filter shows those for which it holds" {
  for name in one two three; do printf x | sbx secret create $name -; done
  run -0 sbx secret ls --format '{{.Name}}' --filter name=^t
  assert_output $'three\ntwo'
  run -0 sbx secret ls --format '{{.Name}}' --filter name=^t --filter "id=$(sbx secret inspect -f '{{.ID}}' two)"
  assert_output two
  run -125 sbx secret ls --filter label=x
  assert_contains '--filter label=x: name= or id= belongs there'
}

@test "names of secrets can be completed" {
  printf x | sbx secret create db -
  run -0 sbx __complete secret rm d
  assert_contains db
}
