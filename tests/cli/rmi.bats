load ../support/sbx

@test "rmi takes a name away, and with the last one the image and its layers" {
  have bb
  sbx tag localhost/bb localhost/two
  run -0 sbx rmi localhost/two
  assert_output 'Untagged: localhost/two:latest'
  run -0 sbx rmi localhost/bb
  assert_contains 'Untagged: localhost/bb:latest'
  assert_contains 'Deleted: '
  run -0 sbx images --quiet
  assert_output ''
  [ "$(ls "$XDG_DATA_HOME/sbx/images/blobs/sha256" | wc -l)" -eq 0 ]
}

@test "layers that another image has stay" {
  have bb app
  sbx rmi localhost/bb
  run -0 sbx run --rm localhost/app
  assert_output 'entry default words'
  have bb
  sbx rmi localhost/app
  run -0 sbx run --rm localhost/bb echo ran
  assert_output ran
}

@test "an image that a container has stays, by id or by name" {
  have bb
  sbx create --name box localhost/bb true
  run -125 sbx rmi localhost/bb
  assert_contains "box"
  run -0 sbx start -a box
  sbx rm box
  run -0 sbx rmi localhost/bb
}

@test "an image with several names is removed by its id only with --force" {
  have bb
  local id
  id=$(sbx images --quiet)
  sbx tag localhost/bb localhost/two
  run -125 sbx rmi "$id"
  run -0 sbx rmi --force "$id"
  run -0 sbx images --quiet
  assert_output ''
}

@test "rmi names what is not there, passes over it if told to, and does the others" {
  have bb
  run -125 sbx rmi nosuch localhost/bb
  assert_contains "cannot remove 'nosuch': there is no image 'nosuch'"
  run -0 sbx images --quiet
  assert_output ''
  run -0 sbx rmi --ignore nosuch
  run -0 sbx rmi --force nosuch
  assert_output ''
  run -125 sbx rmi
  assert_contains 'name images, or give --all'
}

@test "rmi --all removes what no container has" {
  have bb app
  sbx create localhost/app
  run -0 sbx rmi --all
  run -0 sbx images --format '{{.Repository}}'
  assert_output localhost/app
}

@test "an image that a container has mounted is in use" {
  have bb app
  sbx create --name box --mount type=image,src=localhost/app,dst=/app localhost/bb true
  run -125 sbx rmi localhost/app
  assert_contains "container 'box' uses the image"
  sbx rm box
  run -0 sbx rmi localhost/app
}
