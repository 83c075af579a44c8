load ../support/sbx

@test "a list that cannot be written is a failure, not silence" {
  run -125 bash -c '"$SBX_PROGRAM" images >/dev/full'
  assert_contains 'standard output: '
  assert_contains 'No space left on device'
}

@test "a list for which there is no standard output is a failure, too" {
  have bb
  run -125 bash -c '"$SBX_PROGRAM" images >&-'
  assert_contains 'standard output: '
  assert_contains 'Bad file descriptor'
  run -1 bash -c '"$SBX_PROGRAM" run --rm localhost/bb sh -c "echo hi" >&-'
  assert_contains 'Bad file descriptor'
  run -0 bash -c '"$SBX_PROGRAM" run --rm localhost/bb true <&- >&- 2>&-'
}

@test "an error that cannot be written is an error by its status" {
  run -125 bash -c '"$SBX_PROGRAM" nosuch 2>/dev/full'
  assert_output ''
  run -125 bash -c '"$SBX_PROGRAM" rmi nosuch 2>&-'
}

@test "the store is where the configuration or --root says" {
  sbx --root "$HOME/else" images
  [ -d else ]
  [ ! -e "$XDG_DATA_HOME/sbx" ]
  printf 'root = "%s/conf"\n' "$HOME" >"$XDG_CONFIG_HOME/sbx/sbx.toml"
  sbx images
  [ -d conf ]
}

@test "SBX_ROOT goes before the configuration, and --root before both" {
  printf 'root = "%s/configured"\n' "$HOME" >"$XDG_CONFIG_HOME/sbx/sbx.toml"
  SBX_ROOT=$HOME/variable sbx images
  SBX_ROOT=$HOME/variable sbx --root "$HOME/option" images
  [ -d "$HOME/variable" ] && [ -d "$HOME/option" ] && [ ! -e "$HOME/configured" ]
  sbx images
  [ -d "$HOME/configured" ]
}

@test "a store below a relative --root is the same from everywhere" {
  local id
  id=$(sbx --root here pull -q "oci:$SBX_IMAGES:bb")
  run -0 sbx --root here run --rm "$id" echo ran
  assert_output ran
  mkdir sub
  cd sub
  run -0 sbx --root ../here images --quiet
  assert_output "${id:0:12}"
  run -0 sbx --root ../here run --rm "$id" echo ran
  assert_output ran
}

@test "what a container made us of names is shown harmlessly" {
  have bb
  run -127 sbx run --rm localhost/bb $'\e[31mred'
  refute_contains $'\e'
  sbx create --name box -l $'evil=\e]0;title\a' localhost/bb
  run -0 sbx ps -a --format '{{.Labels}}'
  refute_contains $'\e'
  run -0 sbx inspect box
  refute_contains $'\e'
}

@test "a store that cannot be opened is named" {
  run -125 sbx --root /proc/none images
  assert_contains "opening the store: make directory '/proc/none'"
  mkdir -m 500 closed
  run -125 sbx --root "$PWD/closed/store" images
  assert_contains "closed/store"
  assert_contains 'Permission denied'
}

@test "what is wrong stands out in colour on a terminal, and nowhere else" {
  TERM=xterm run -125 on_terminal -- "$SBX_PROGRAM" rmi nosuch
  assert_contains $'\e[1;31msbx:\e[0m '
  TERM=xterm run -125 on_terminal -- "$SBX_PROGRAM" nosuch
  assert_contains $'\e[1mhint:\e[0m '
  TERM=dumb run -125 on_terminal -- "$SBX_PROGRAM" rmi nosuch
  refute_contains $'\e'
  NO_COLOR=1 TERM=xterm run -125 on_terminal -- "$SBX_PROGRAM" rmi nosuch
  refute_contains $'\e'
  TERM=xterm run -125 sbx rmi nosuch
  refute_contains $'\e'
}
