load ../support/sbx

@test "doctor says that containers run where they do" {
  have bb
  run -0 sbx run --rm localhost/bb true
  run -0 sbx doctor
  assert_contains 'Containers can be run here.'
  [[ $output =~ (^|$'\n')ok\ +user\ namespaces ]]
}

@test "doctor --quiet leaves out what is well" {
  run -0 sbx doctor --quiet
  [[ $'\n'$output != *$'\nok '* ]]
}

@test "doctor where no user namespace can be had says so, and fails" {
  run -1 unshare --user --map-current-user --keep-caps bash -c \
    'echo 0 >/proc/sys/user/max_user_namespaces && "$SBX_PROGRAM" doctor'
  assert_contains 'missing user namespaces'
  assert_contains 'Containers cannot be run here.'
}
