load ../support/oci

@test "update reads its numbers before it looks for the container" {
  local words
  for words in '--memory much' '--memory-swap 1x' '--pids-limit many' '--cpu-quota -2' '--cpu-idle 2' \
    '--blkio-weight 1001' '--cpu-share -1' '--l3-cache-schema x'; do
    run -1 oci update $words nosuch
    [[ $output != *'does not exist'* ]]
  done
  run -1 oci update --memory 5m --pids-limit -1 --cpu-burst 5 nosuch
  assert_contains 'does not exist'
}

@test "update reads all of the resources from a file, or standard input" {
  echo '{"memory":{"limit":"x"}}' >wrong
  run -1 oci update -r wrong nosuch
  assert_contains "'wrong': memory.limit"
  echo '{"pids":{"limit":5}}' >right
  run -1 oci update -r - nosuch <right
  assert_contains 'does not exist'
  run -1 oci update -r nofile nosuch
  assert_contains "open 'nofile'"
}

@test "update says where there is no group of resctrl" {
  bundle box-bundle sleep 60
  oci run -d -b box-bundle box
  run -1 oci update --l3-cache-schema L3:0=ff --mem-bw-schema MB:0=50 box
  assert_contains "container 'box' has no group of resctrl"
  oci delete -f box
}

@test "update says where there is no cgroup" {
  bundle box-bundle sleep 60
  oci run -d -b box-bundle box
  if [ -n "$(jq -r '.cgroup.path // ""' "$XDG_RUNTIME_DIR/sbx/oci/box/state.json")" ]; then
    skip 'it has one'
  fi
  run -1 oci update --pids-limit 50 box
  assert_contains "container 'box' has no cgroup of its own"
}
