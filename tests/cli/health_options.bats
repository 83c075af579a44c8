load ../support/sbx

@test "health checks that cannot be are refused by run, create and update" {
  have bb
  sbx create --name box --health-cmd true localhost/bb true
  local words
  for words in '--health-interval soon' '--health-retries 0' '--health-timeout -1s' \
    '--health-on-failure often' '--health-start-period x' '--no-healthcheck --health-retries 3'; do
    # shellcheck disable=SC2086
    run -125 sbx create --health-cmd true $words localhost/bb true
    assert_contains '--health-'
    # shellcheck disable=SC2086
    run -125 sbx update $words box
    assert_contains '--health-'
  done
  run -0 sbx ps -aq
  [ ${#lines[@]} -eq 1 ]
}
