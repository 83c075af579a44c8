load ../support/sbx

@test "tag gives an image further names, and moves one that another had" {
  have bb app
  sbx tag localhost/bb localhost/one:1 localhost/two
  run -0 sbx run --rm localhost/one:1 echo ran
  assert_output ran
  sbx tag localhost/app localhost/one:1
  run -0 sbx run --rm localhost/one:1
  assert_output 'entry default words'
  run -0 sbx run --rm localhost/two:latest echo ran
}

@test "a name that cannot be given is refused, and none is given" {
  have bb
  run -125 sbx tag localhost/bb localhost/good UPPER
  assert_contains "'UPPER' is not an image name"
  run -125 sbx tag localhost/bb "localhost/x@sha256:$(printf '%064d' 0)"
  assert_contains 'a name to give has no digest'
  run -125 sbx tag nosuch localhost/good
  assert_contains "there is no image 'nosuch'"
  run -0 sbx images --format '{{.Repository}}'
  assert_output localhost/bb
}
