load ../support/oci

@test "under the name of sbx-oci, sbx is the same runtime" {
  ln -s "$SBX_PROGRAM" sbx-oci
  run -0 ./sbx-oci --version
  assert_contains 'sbx-oci version '
  assert_contains $'\nspec: 1.'
  run -1 ./sbx-oci state nosuch
  assert_output "sbx-oci: container 'nosuch' does not exist"
}

@test "help says what sbx was called as, and lists what stands before a command" {
  ln -s "$SBX_PROGRAM" sbx-oci
  run -0 ./sbx-oci --help
  [ "${lines[0]}" = 'Usage: sbx-oci [OPTIONS] COMMAND' ]
  local option
  for option in --root --log --log-format --debug --systemd-cgroup --rootless --cgroup-manager; do
    assert_contains " $option "
  done
  run -0 ./sbx-oci kill --help
  assert_contains 'Usage: sbx-oci kill'
  assert_contains $'\n  sbx-oci kill box KILL'
  refute_contains 'sbx oci'
  run -1 ./sbx-oci kill --nosuch
  assert_contains 'hint: `sbx-oci kill --help` explains the command'
  run -1 ./sbx-oci nosuch
  assert_contains 'hint: `sbx-oci --help` lists them'
  run -0 oci --help
  [ "${lines[0]}" = 'Usage: sbx oci [OPTIONS] COMMAND' ]
}

@test "oci without a command, or with --help, lists the commands" {
  run -1 oci
  assert_contains 'state '
  run -0 oci --help
  assert_contains 'state '
  run -0 oci state --help
  assert_contains 'Usage: sbx oci state'
  run -0 sbx --help
  assert_contains '  oci '
}

@test "oci tells its log what failed, as text or JSON" {
  run -1 oci --log text.log state nosuch
  grep -qE '^time="[0-9TZ:-]+" level=error msg="container .nosuch. does not exist"$' text.log
  run -1 oci --log json.log --log-format json state nosuch
  [ "$(jq -r '.level + " " + .msg' json.log)" = "error container 'nosuch' does not exist" ]
  run -1 oci --log json.log --log-format json delete nosuch
  [ "$(wc -l <json.log)" = 2 ]
  run -1 oci --log-format xml state nosuch
  assert_contains 'text or json belongs there'
  run -1 oci --log /no/such/folder/log state nosuch
  assert_contains "--log: open '/no/such/folder/log'"
}

@test "oci keeps states where --root says, unless others may write there" {
  run -0 oci --root "$PWD/states" list -q
  assert_output ''
  [ "$(stat -c %a states)" = 700 ]
  chmod 777 states
  run -1 oci --root "$PWD/states" list
  assert_contains 'can be written to by others'
}

@test "oci takes the options of runc and crun, and no others" {
  run -0 oci --debug --systemd-cgroup --rootless=auto --criu /x --cgroup-manager=disabled list -q
  run -1 oci --rootless bogus list
  assert_contains '--rootless bogus: auto, true or false belongs there'
  run -1 oci --cgroup-manager=none list
  assert_contains "'none' is none of cgroupfs, systemd, disabled"
  run -1 oci --log-level loud list
  assert_contains "'loud' is none of error, warning, debug"
  run -1 oci --nosuch list
  assert_contains "unknown option '--nosuch'"
  run -1 oci nosuch
  assert_contains "'nosuch' is none"
}

@test "oci reads no configuration" {
  echo nonsense >"$XDG_CONFIG_HOME/sbx/sbx.toml"
  run -0 oci list -q
}

@test "oci fails and does not abort where standard error cannot be written to" {
  run -1 bash -c '"$SBX_PROGRAM" oci state nosuch 2>/dev/full'
}
