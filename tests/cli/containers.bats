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
