load ../support/sbx

@test "pod pause has all stand still, and pod unpause go on" {
  have bb
  sbx pod create --name p
  sbx run -d --pod p --name one localhost/bb sleep 1000 3>&-
  run -0 sbx pod pause p
  run -0 sbx pod ps --format '{{.Status}}'
  assert_output Paused
  run -125 sbx pod pause p
  assert_contains "none of its containers runs"
  run -0 sbx pod unpause p
  run -0 sbx pod ps --format '{{.Status}}'
  assert_output Running
  run -125 sbx pod unpause p
  assert_contains 'none of its containers is paused'
  run -0 sbx pod pause -a
  run -0 sbx pod unpause -l
  sbx pod rm -f p
}

@test "pod pause says what is not there" {
  run -125 sbx pod pause nosuch
  assert_contains "there is no pod 'nosuch'"
  run -125 sbx pod pause
  assert_contains 'name pods'
}
