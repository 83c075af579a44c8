load ../support/sbx

@test "network reload has nothing to do, and says for whom" {
  have bb
  sbx network create app
  id=$(sbx run -d --name box --network app localhost/bb sleep 100 3>&-)
  run -0 sbx network reload box
  assert_output "$id"
  run -0 sbx network reload --all
  assert_output "$id"
  run -125 sbx network reload none
  assert_contains "'none'"
  sbx rm -f box
}
