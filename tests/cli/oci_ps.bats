load ../support/oci

@test "ps lists processes as ps does, or their numbers" {
  sleep 60 &
  record box $!
  run -0 oci ps box
  [[ ${lines[0]} == *PID*CMD ]]
  [[ ${lines[1]} == *" $! "*'sleep 60' ]]
  [ ${#lines[@]} = 2 ]
  run -0 oci ps box -o pid,comm
  [ "$(tr -s ' ' <<<"${lines[1]# }")" = "$! sleep" ]
  run -0 oci ps -f json box
  assert_output "[$!]"
  run -1 oci ps box -o comm
  assert_contains 'no column PID'
  kill $!
}

@test "ps has nothing to show of what has ended" {
  record_ended box
  run -1 oci ps box
  assert_contains 'does not run'
}
