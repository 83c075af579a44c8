load ../support/sbx

@test "history shows the steps of an image, newest first, with what each added" {
  have app
  run -0 sbx history --format '{{.ID}} {{.CreatedBy}} {{.Size}}' localhost/app
  [ ${#lines[@]} -eq 5 ]
  [ "${lines[0]}" = "$(sbx images --quiet) umoci config 0 B" ]
  [[ ${lines[4]} == '<missing> umoci repack '*' MB' ]]
  run -0 sbx history --quiet localhost/app
  [ "${lines[0]}" = "$(sbx images --quiet)" ]
}

@test "history is a table, or JSON" {
  have bb
  run -0 sbx history localhost/bb
  [[ ${lines[0]} =~ ^ID\ +CREATED\ +CREATED\ BY\ +SIZE\ +COMMENT$ ]]
  run -0 bash -c '"$SBX_PROGRAM" history --format json localhost/bb | python3 -c "import json, sys; print(len(json.load(sys.stdin)))"'
  assert_output 2
  run -125 sbx history nosuch
  assert_contains "there is no image 'nosuch'"
}

@test "history --human=false has bytes and times" {
  have bb
  run -0 sbx history --human=false --format '{{.Size}} {{.CreatedSince}}' localhost/bb
  [[ ${lines[-1]} =~ ^[0-9]+\ [0-9-]+T[0-9:]+ ]]
  run -0 sbx history -H --format '{{.Size}}' localhost/bb
  [[ ${lines[-1]} == *MB ]]
}
