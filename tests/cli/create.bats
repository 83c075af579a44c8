load ../support/sbx

@test "create prints the id, and starts nothing" {
  have bb
  run -0 sbx create --name box localhost/bb sh -c 'echo ran'
  [[ $output =~ ^[0-9a-f]{64}$ ]]
  run -0 sbx ps --all --no-trunc --format '{{.ID}} {{.State}}'
  assert_output "$(sbx inspect --format '{{.Id}}' box) created"
  run -0 sbx ps --quiet
  assert_output ''
  run -0 sbx start --attach box
  assert_output ran
}

@test "create --rm makes a container that goes when it ends" {
  have bb
  sbx create --rm --name box -v /anonymous localhost/bb true
  run -0 sbx ps --all --format '{{.Names}} {{.State}}'
  assert_output 'box created'
  sbx start --attach box
  run -0 sbx ps --all --quiet
  assert_output ''
  [ -z "$(ls "$XDG_DATA_HOME/sbx/volumes")" ]
}

@test "a create that fails leaves nothing, and a taken name stays whose it was" {
  have bb
  run -125 sbx create -v /no/such:/x localhost/bb
  assert_contains "cannot create from 'localhost/bb': volume source '/no/such'"
  sbx create --name box localhost/bb true
  run -125 sbx create --name box localhost/bb false
  assert_contains "'box'"
  run -0 sbx ps --all --quiet
  [ ${#lines[@]} -eq 1 ]
}

@test "descriptors are handed on by run, and not by a later start" {
  have bb
  run -125 sbx create --preserve-fds 1 localhost/bb true 3</dev/null
  assert_contains '--preserve-fds 1: only `run` can hand descriptors on'
  run -0 sbx run --name box --network none --preserve-fds 1 localhost/bb sh -c 'ls /proc/$$/fd; :' 3</dev/null
  [[ " ${lines[*]} " == *' 3 '* ]]
  run -0 sbx start -a box
  [[ " ${lines[*]} " != *' 3 '* ]]
}

@test "create --explain only explains" {
  have bb
  run -0 sbx create --explain localhost/bb
  assert_contains 'namespaces user mount'
  run -0 sbx ps --all --quiet
  assert_output ''
}

@test "twenty creates of one name make one container" {
  have bb
  local i
  for i in {1..20}; do sbx create --name box localhost/bb >"id$i" 2>/dev/null & done
  wait
  [ "$(cat id* | wc -l)" -eq 1 ]
  [ "$(sbx ps --all --quiet --no-trunc)" = "$(cat id*)" ]
}

@test "what opens a registry is not kept with a container" {
  have bb
  sbx create --creds me:hunter2 --name box localhost/bb true --creds mine
  run -0 sbx inspect --format '{{json .Config.CreateCommand}}' box
  assert_output '["sbx","create","--name","box","localhost/bb","true","--creds","mine"]'
  run ! grep -r hunter2 "$XDG_DATA_HOME"
}
