load ../support/sbx

@test "volume export writes what containers see, with their owners" {
  have bb
  sbx run --rm -v data:/d localhost/bb sh -c 'mkdir /d/sub; echo one >/d/sub/f; chown 7:8 /d/sub/f
    chmod 640 /d/sub/f; ln -s /etc/passwd /d/l; ln /d/sub/f /d/h; chown 5:6 /d'
  run -0 bash -c '"$SBX_PROGRAM" volume export data | tar --numeric-owner -tv'
  assert_contains '5/6 '
  [[ $output =~ -rw-r-----\ 7/8\ .*\ \./h ]]
  [[ $output == *'./l -> /etc/passwd'* ]]
  run -0 sbx volume export -o data.tar data
  assert_output ''
  run -0 tar -xOf data.tar ./h
  assert_output one
}

@test "volume export refuses a terminal, and leaves nothing of what fails" {
  sbx volume create data
  run -125 on_terminal -- "$SBX_PROGRAM" volume export data
  assert_contains 'a tar archive does not belong on a terminal'
  run -125 sbx volume export -o out.tar nosuch
  assert_contains "cannot export 'nosuch': there is no volume 'nosuch'"
  [ ! -e out.tar ]
  run -125 sbx volume export ../data
  run -125 sbx volume export -o /no/such/file data
  run -125 bash -c '"$SBX_PROGRAM" volume export data >/dev/full'
}
