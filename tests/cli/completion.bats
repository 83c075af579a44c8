load ../support/sbx

# What bash offers for a line that ends with a word being typed.
in_bash() {
  [ -e script ] || sbx completion bash >script
  PATH=$(dirname "$SBX_PROGRAM"):$PATH bash --norc -c 'source ./script
    COMP_LINE=$1 COMP_POINT=${#1}
    read -ra COMP_WORDS <<<"$1"
    [[ $1 != *" " ]] || COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    compopt() { :; }
    _sbx
    printf "%s\n" "${COMPREPLY[@]}"' bash "$1"
}

in_fish() {
  PATH=$(dirname "$SBX_PROGRAM"):$PATH fish --no-config -c 'sbx completion fish | source
    complete --do-complete $argv[1]' "$1" | cut -f 1
}

# zsh, set up by the words $1, makes of the typed $2 what is $3.
in_zsh() {
  PATH=$(dirname "$SBX_PROGRAM"):$PATH on_terminal 'expect:% ' \
    "send:$1; echo re\"\"ady\\r" expect:ready 'expect:% ' "send:$2\\t" "expect:$3" 'send:\x15exit\r' -- zsh -f
}

@test "each script is one that its shell can read" {
  sbx completion bash >script
  bash -n script
  sbx completion zsh >script
  zsh -n script
  sbx completion fish >script
  fish -n script
  run -125 sbx completion tcsh
  assert_contains "'tcsh' is not a shell that can be served"
  assert_contains 'bash, zsh and fish are'
}

@test "bash completes commands, options, words, images and containers of the store" {
  have bb
  sbx create --name box localhost/bb
  run -0 in_bash 'sbx imag'
  assert_contains images
  run -0 in_bash 'sbx run --read-only-'
  assert_output '--read-only-tmpfs'
  run -0 in_bash 'sbx run --pull ne'
  assert_output $'never\nnewer'
  run -0 in_bash 'sbx run --rm localhost/'
  assert_output localhost/bb:latest
  run -0 in_bash 'sbx rm '
  assert_output box
  run -0 in_bash 'sbx completion '
  assert_output $'bash\nzsh\nfish'
}

@test "bash completes files where an option takes one" {
  touch variables.env
  run -0 in_bash 'sbx run --env-file var'
  assert_output variables.env
}

@test "fish completes commands, options, words, images and containers of the store" {
  have bb
  sbx create --name box localhost/bb
  run -0 in_fish 'sbx imp'
  assert_output import
  run -0 in_fish 'sbx run --read-only-'
  assert_output '--read-only-tmpfs'
  run -0 in_fish 'sbx run --pull ne'
  assert_output $'never\nnewer'
  run -0 in_fish 'sbx run --rm localhost/'
  assert_output localhost/bb:latest
  run -0 in_fish 'sbx rm '
  assert_output box
}

@test "zsh completes commands, options, images and containers of the store" {
  have bb
  sbx create --name box localhost/bb
  local sourced='autoload -U compinit; compinit -u -D; source <(sbx completion zsh)'
  run -0 in_zsh "$sourced" 'sbx imp' import
  run -0 in_zsh "$sourced" 'sbx run --read-only-' read-only-tmpfs
  run -0 in_zsh "$sourced" 'sbx run localhost/b' localhost/bb:latest
  run -0 in_zsh "$sourced" 'sbx rm b' 'rm box'
}

@test "zsh finds the script in its path for functions, too" {
  sbx completion zsh >_sbx
  run -0 in_zsh 'fpath=($PWD $fpath); autoload -U compinit; compinit -u -D' 'sbx imp' import
}

@test "a completion says nothing where something fails" {
  sbx completion bash >script
  echo 'pull = "maybe"' >"$XDG_CONFIG_HOME/sbx/sbx.toml"
  run -0 in_bash 'sbx run '
  assert_output ''
}

@test "names of networks complete" {
  sbx network create app
  sbx network create back
  run -0 sbx __complete -- network rm ''
  assert_contains app
  assert_contains back
  run -0 sbx __complete -- run --network b
  assert_output $'back\t'
}

@test "bash, zsh and fish complete what stands before a command, and values" {
  have bb
  mkdir -p layouts/one
  for shell in in_bash in_fish; do
    run -0 "$shell" 'sbx --ro'
    assert_output '--root'
    run -0 "$shell" 'sbx --log-level d'
    assert_output debug
    run -0 "$shell" 'sbx run --restart al'
    assert_output always
    run -0 "$shell" 'sbx ps --filter sta'
    assert_output status=
  done
  run -0 in_fish 'sbx pull oci:layouts/'
  assert_output oci:layouts/one/
  local sourced='autoload -U compinit; compinit -u -D; source <(sbx completion zsh)'
  run -0 in_zsh "$sourced" 'sbx --ro' '--root'
  run -0 in_zsh "$sourced" 'sbx --log-level d' debug
  run -0 in_zsh "$sourced" 'sbx run --restart al' always
  run -0 in_zsh "$sourced" 'sbx ps --filter sta' status=
}

@test "ids of images complete where one is begun, or where there is no name" {
  have bb
  local id
  id=$(sbx images -q)
  run -0 sbx __complete -- rmi "${id:0:3}"
  assert_output "$id"$'\tlocalhost/bb:latest'
  run -0 sbx __complete -- rmi l
  assert_output $'localhost/bb:latest\t'
  sbx untag localhost/bb
  run -0 sbx __complete -- rmi ''
  assert_output "$id"$'\t'
}

# Types at bash, up to a tab, and has it say what its line is then.
typed_at_bash() {
  run -0 on_terminal expect:ready "send:$1\t" 'send:\x01echo is \r' 'expect:is sbx' expect:ready 'send:exit\r' -- \
    bash --noprofile --rcfile rc -i
}

@test "bash replaces what is typed behind = and :, with bash-completion and without" {
  have bb
  sbx completion bash >script
  sbx create --name box localhost/bb
  local more line
  for more in : 'source /usr/share/bash-completion/bash_completion'; do
    printf '%s\n' "$more" 'source ./script' "PS1='ready '" "PATH=$(dirname "$SBX_PROGRAM"):$PATH" >rc
    while read -r line expected; do
      typed_at_bash "sbx ${line//_/ }"
      assert_contains "is sbx ${expected//_/ }"
    done <<'END'
run_--userns=ke         run_--userns=keep-id
run_--network=ho        run_--network=host
run_--mount_type=b      run_--mount_type=bind,
run_localhost/bb:la     run_localhost/bb:latest
run_--pull_alw          run_--pull_always
cp_bo                   cp_box:
END
  done
}
