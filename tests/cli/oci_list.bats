load ../support/oci

@test "list prints a table, ids, or JSON as runc's" {
  sleep 60 &
  local pid=$!
  record box $pid
  run -0 oci list
  [ "${lines[0]}" = 'ID          PID         STATUS      BUNDLE      CREATED                          OWNER' ]
  [[ ${lines[1]} =~ ^box\ +$pid\ +running\ +/b\ +2026-11-28T22:35:44Z\ +$(id -un)$ ]]
  run -0 oci list -q
  assert_output box
  run -0 oci list -f json
  [ "$(jq -r '.[0] | "\(.id) \(.status) \(.owner)"' <<<"$output")" = "box running $(id -un)" ]
}

@test "list without containers is an empty table, or null" {
  run -0 oci list --quiet
  assert_output ''
  run -0 oci list --format json
  assert_output null
  run -1 oci list --format yaml
  assert_contains "'yaml' is none of table, json"
}
