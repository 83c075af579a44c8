load ../support/sbx

@test "container clone makes another container with the same configuration, and none of the files" {
  have bb
  sbx run --name box -e A=1 -l kind=test -v data:/d -v /u localhost/bb sh -c 'echo $A; hostname; ls /made
    echo x >>/d/f; echo x >>/u/f; cat /d/f /u/f; touch /made'
  run -0 sbx container clone box
  local id=$output
  [[ $id =~ ^[0-9a-f]{64}$ ]]
  run -0 sbx ps -a --filter name=clone --format '{{.Names}} {{.State}} {{.Labels}}'
  assert_output 'box-clone created kind=test'
  run -0 --separate-stderr sbx start -a box-clone
  assert_output $'1\n'"${id:0:12}"$'\nx\nx\nx'
  run -0 sbx container clone box other
  run -0 sbx container clone --name third box
  run -0 sbx ps -a --format '{{.Names}}'
  assert_output $'third\nother\nbox-clone\nbox'
  run -125 sbx container clone --name third box
  assert_contains third
}

@test "container clone can take the place of the other one, and run" {
  have bb
  sbx run -d --name box localhost/bb sleep 1000 3>&-
  run -125 sbx container clone --destroy box next
  assert_contains "container 'box' is running"
  run -0 sbx container clone --destroy --force --run box next 3>&-
  run -0 sbx ps -a --format '{{.Names}} {{.State}}'
  assert_output 'next running'
  sbx rm -f next
}

@test "container clone refuses what it cannot do, and makes nothing then" {
  have bb
  sbx create --name box localhost/bb true
  run -125 sbx container clone nosuch
  assert_contains "there is no container 'nosuch'"
  run -125 sbx container clone --force box
  assert_contains '--force goes with --destroy'
  run -125 sbx container clone --name a box b
  assert_contains 'two names'
  run -125 sbx container clone --name ../x box
  run -125 sbx container clone --memory much box
  assert_contains '--memory much'
  run -0 sbx ps -aq
  [ ${#lines[@]} -eq 1 ]
}
