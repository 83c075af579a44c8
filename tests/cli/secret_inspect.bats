load ../support/sbx

@test "secret inspect shows all about a secret but what it is" {
  printf hunter2 | sbx secret create --label a=b db -
  run -0 sbx secret inspect db
  refute_contains hunter2
  run -0 sbx secret inspect --format '{{.Spec.Name}} {{.Spec.Driver.Name}} {{.Spec.Labels.a}}' db
  assert_output 'db file b'
  run -0 bash -c '"$SBX_PROGRAM" secret inspect --showsecret db | python3 -c "import json, sys; print(json.load(sys.stdin)[0][\"SecretData\"])"'
  assert_output hunter2
}

@test "a secret can be named by its id; what is not there is an error" {
  printf x | sbx secret create db -
  local id
  id=$(sbx secret ls -q)
  run -0 sbx secret inspect --format '{{.Spec.Name}}' "${id:0:6}"
  assert_output db
  run -125 sbx secret inspect none
  assert_contains "cannot inspect 'none': there is no secret 'none'"
}

@test "what a terminal obeys is escaped" {
  printf 'a\033[31m' | sbx secret create db -
  run -0 sbx secret inspect --showsecret --format '{{.SecretData}}' db
  assert_output 'a\x1b[31m'
}
