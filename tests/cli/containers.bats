load ../support/sbx

@test "an image can be named by a transport, a registry, a short name or an id" {
  have bb
  local id
  id=$(sbx images --quiet)
  for name in "oci:$SBX_IMAGES:bb" "docker://$SBX_REGISTRY/test/bb:1" "$id" localhost/bb; do
    run -0 sbx run --rm -q "$name" echo ran
    assert_output ran
  done
}

@test "one failure among several names is told, and the others have their turn" {
  have bb
  sbx create --name one localhost/bb
  run -125 sbx rm nosuch one other
  assert_contains "sbx: cannot remove 'nosuch': there is no container 'nosuch'"
  assert_contains "sbx: cannot remove 'other'"
  run -0 sbx ps --all --quiet
  assert_output ''
}

@test "an image that is removed while a run prepares is not missed by it" {
  have bb
  local i pids=() codes=
  for i in {1..10}; do
    sbx run --rm localhost/bb true 2>"error$i" &
    pids+=($!)
  done
  sbx rmi --force localhost/bb || true
  for i in {0..9}; do
    wait "${pids[i]}" || grep -q "no image\|cannot pull" "error$((i + 1))"
  done
  run -0 sbx ps --all --quiet
  assert_output ''
}

@test "the configuration's pull policy holds unless another is given" {
  sed -i '1i pull = "never"' "$XDG_CONFIG_HOME/sbx/sbx.toml"
  run -125 sbx run --rm "$SBX_REGISTRY/test/bb:1" true
  assert_contains 'there is no image'
  run -0 sbx run --rm -q --pull missing "$SBX_REGISTRY/test/bb:1" true
}

@test "--replace takes the name of a container, which goes, be it running or not" {
  have bb
  local first
  first=$(sbx run -d --name box localhost/bb sleep 1000 3>&-)
  run -125 sbx create --name box localhost/bb true
  assert_contains 'box'
  sbx create --replace --name box localhost/bb true
  run -125 sbx inspect "$first"
  run -0 sbx ps -a --format '{{.Names}} {{.State}}'
  assert_output 'box created'
  run -4 sbx run --replace --name box localhost/bb sh -c 'exit 4'
  run -0 sbx run --replace --name fresh localhost/bb true
  run -0 sbx ps -a --format '{{.Names}} {{.ExitCode}}'
  assert_output $'fresh 0\nbox 4'
}

@test "--replace removes nothing where no container comes of it, and wants a name" {
  have bb
  local id
  id=$(sbx create --name box localhost/bb true)
  run -125 sbx create --replace localhost/bb true
  assert_contains '--replace: --name says which container goes'
  run -125 sbx run --replace --name box -v /no/such:/x localhost/bb true
  run -125 sbx run --replace --name box --volumes-from box:ro localhost/bb true
  assert_contains '--volumes-from box:ro: with --replace this container goes before'
  run -125 sbx run --replace --name "${id:0:12}x/y" localhost/bb true
  run -0 sbx run --replace --explain --name box localhost/bb true
  run -0 sbx create --replace --name "${id:0:12}" localhost/bb true
  run -0 sbx ps -aq --no-trunc --filter name=box
  assert_output "$id"
}

@test "a mount with the option U belongs to the user of the container" {
  have app
  mkdir -p host/sub && echo x >host/sub/file && echo mine >canary
  ln canary host/hard
  ln -s ../canary host/soft
  run -0 --separate-stderr sbx run --name box -u 7:8 -v ./host:/h:U -v data:/d:U --entrypoint stat \
    localhost/app -c '%u:%g %n' /h /h/sub/file /d
  assert_output $'7:8 /h\n7:8 /h/sub/file\n7:8 /d'
  [[ $stderr == *"'hard' in '/h' has a further name elsewhere, and stays whose it is"* ]]
  [ "$(stat -c %u canary)" = "$(id -u)" ]
  sbx run --rm -u 0 -v ./host:/h:U --entrypoint true localhost/app
  [ "$(stat -c %u host/sub/file)" = "$(id -u)" ]
}

@test "a container whose mounts cannot be given to anybody is not made" {
  have bb
  mkdir host
  run -125 sbx create --name box -u nobody-knows -v ./host:/h:U localhost/bb true
  assert_contains nobody-knows
  run -125 sbx run --name box -u nobody-knows -v ./host:/h:U localhost/bb true
  run -125 sbx run --name box -v ./host:/h:U,ro localhost/bb true
  assert_contains "'ro' and 'U' contradict each other"
  run -0 sbx ps -aq
  assert_output ''
}
