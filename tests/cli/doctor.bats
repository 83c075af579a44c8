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
  assert_contains 'mend: sudo sysctl -w user.max_user_namespaces=28633'
  assert_contains 'keep: echo user.max_user_namespaces=28633 | sudo tee -a /etc/sysctl.d/99-sbx.conf'
  for subject in layers 'process namespaces' 'it cannot be used'; do
    [[ $output != *"$subject"* ]]
  done
  assert_contains 'Containers cannot be run here.'
}

@test "without user namespaces what unpacks says so as run does" {
  have bb
  echo text >file
  tar -cf root.tar file
  skopeo copy -q --insecure-policy "oci:$SBX_IMAGES:bb" docker-archive:bb.tar:localhost/bb:2
  for command in 'run localhost/bb' "pull oci:$SBX_IMAGES:bb" 'import root.tar' 'load -i bb.tar'; do
    run -125 unshare --user --map-current-user --keep-caps bash -c \
      "echo 0 >/proc/sys/user/max_user_namespaces && exec \"\$SBX_PROGRAM\" $command"
    assert_contains 'no container can be made here: start a process in new namespaces: No space left on device'
    assert_contains 'hint: `sbx doctor` says what this machine lacks, and what mends it'
  done
}
