load ../support/sbx

@test "the version is one number, however it is asked for" {
  run -0 sbx version --format '{{.Version}}'
  [[ $output =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
  local number=$output
  for words in version --version -v; do
    run -0 sbx $words
    assert_output "sbx version $number"
  done
  run -0 sbx version --format json
  assert_contains "\"OsArch\": \"linux/"
}

@test "version answers clients that ask for the server's" {
  run -0 sbx version --format '{{.Server.Version}} {{.Client.Os}}'
  assert_output "$("$SBX_PROGRAM" version --format '{{.Version}}') linux"
}
