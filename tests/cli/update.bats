load ../support/sbx

@test "update changes the limits of a container, and keeps the others" {
  have bb
  sbx create --name box localhost/bb true
  run -0 sbx update --memory 64m --cpus 1.5 box
  assert_output box
  run -0 sbx update --pids-limit 50 box
  run -0 sbx inspect --format '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}}' box
  assert_output '67108864 1500000000 50'
}

@test "update tells of what cannot be, and does the others" {
  have bb
  sbx create --name box localhost/bb true
  run -125 sbx update --memory much box
  assert_contains "cannot update 'box': --memory much: a size, such as 512m, belongs there"
  run -125 sbx update --pids-limit 50 nothing box
  assert_contains "nothing"
  run -0 sbx inspect --format '{{.HostConfig.PidsLimit}}' box
  assert_output 50
}
