load ../support/sbx

@test "info says where things are, how many, and what the machine allows" {
  have bb
  sbx create localhost/bb
  run -0 sbx info
  [[ $output =~ Root\ +$XDG_DATA_HOME/sbx ]]
  run -0 sbx info --format '{{.Images}} {{.Containers}} {{.Driver}}'
  [[ $output =~ ^'1 1 '(overlay|fuse-overlayfs|copy)$ ]]
  run -0 bash -c '"$SBX_PROGRAM" info --format json | python3 -c "import json, sys; print(len(json.load(sys.stdin)[\"Host\"]) > 3)"'
  assert_output True
}

@test "info names the driver that is chosen, not the best" {
  echo 'storage_driver = "copy"' >>"$XDG_CONFIG_HOME/sbx/sbx.toml.new"
  cat "$XDG_CONFIG_HOME/sbx/sbx.toml" >>"$XDG_CONFIG_HOME/sbx/sbx.toml.new"
  mv "$XDG_CONFIG_HOME/sbx/sbx.toml.new" "$XDG_CONFIG_HOME/sbx/sbx.toml"
  run -0 sbx info --format '{{.Driver}}'
  assert_output copy
}

@test "the AppArmor profile names this program" {
  run -0 sbx info --apparmor-profile
  assert_contains "profile sbx \"$SBX_PROGRAM\" flags=(unconfined)"
}
