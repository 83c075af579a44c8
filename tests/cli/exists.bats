load ../support/sbx

@test "container exists answers by its status alone" {
  have bb
  local id
  id=$(sbx create --name box localhost/bb true)
  run -0 sbx container exists box
  assert_output ''
  run -0 sbx container exists "${id:0:10}"
  run -1 sbx container exists nosuch
  assert_output ''
  run -125 sbx container exists
}

@test "image exists answers by its status alone" {
  have bb
  run -0 sbx image exists localhost/bb
  run -0 sbx image exists "$(sbx images -q)"
  run -1 sbx image exists localhost/bb:other
  run -1 sbx image exists nosuch
  assert_output ''
}

@test "what cannot be told is a failure" {
  have bb
  for i in {1..17}; do sbx create localhost/bb true; done >ids
  local twice
  twice=$(cut -c 1 ids | sort | uniq -d | head -n 1)
  run -125 sbx container exists "$twice"
  assert_contains "more than one container's id begins with"
}

@test "volume exists tells by its status, and prints nothing" {
  sbx volume create data
  run -0 sbx volume exists data
  assert_output ''
  run -1 sbx volume exists dat
  assert_output ''
  run -1 sbx volume exists ../images
  run -125 sbx volume exists
}

@test "secret exists tells by its status, and prints nothing" {
  printf x | sbx secret create db -
  run -0 sbx secret exists db
  assert_output ''
  run -1 sbx secret exists nothing
  assert_output ''
  run -0 sbx secret exists "$(sbx secret ls -q)"
  run -125 sbx secret exists
}

@test "network exists tells by its status, by name and by id" {
  sbx network create app
  run -0 sbx network exists app
  assert_output ''
  run -0 sbx network exists "$(sbx network ls --format '{{.ID}}')"
  run -1 sbx network exists none
}

@test "pod exists tells by its status, and prints nothing" {
  sbx pod create web
  run -0 sbx pod exists web
  assert_output ''
  run -0 sbx pod exists "$(sbx pod ps -q)"
  run -1 sbx pod exists we
  run -125 sbx pod exists
  sbx pod rm web
}
