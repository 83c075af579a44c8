load ../support/sbx

@test "an unknown command or option suggests the one that was meant" {
  run -125 sbx imagse
  assert_output "sbx: there is no command 'imagse'
hint: did you mean \`sbx images\`?"
  run -125 sbx images --fromat x
  assert_output "sbx: unknown option '--fromat'
hint: did you mean '--format'?"
  run -125 sbx images a b
  assert_output "sbx: 'b' is one argument too many
hint: \`sbx images --help\` explains the command"
}

@test "what docker has is not taken for something else" {
  run -125 sbx build
  assert_output $'sbx: there is no command \'build\' in this version\nhint: `sbx help` lists the commands'
  run -125 sbx run --gpus all alpine
  assert_output $'sbx: there is no option \'--gpus\' in this version\nhint: `sbx run --help` explains the command'
  run -125 sbx create --uidmap 0:1:2 alpine
  assert_contains "there is no option '--uidmap' in this version"
}

@test "a group alone names its commands" {
  run -125 sbx image
  assert_contains "'image' wants a command of its own"
  assert_contains 'hint: they are '
  assert_contains prune
}

@test "oci has options of its own, behind its name" {
  run -125 sbx --log-level debug oci list
  assert_contains "'oci' has options of its own, and comes first"
}

@test "options before the command are sbx's own" {
  run -125 sbx --root
  assert_contains '--root: its value is missing'
  run -125 sbx --log-level loud images
  assert_contains '--log-level loud: error, warning, info or debug belongs there'
  run -125 sbx --rm run
  assert_contains "unknown option '--rm'"
  run -0 --separate-stderr sbx --log-level debug images
  run -0 sbx --log-level=error images
}

@test "a mistake in the configuration is pointed at, by any command" {
  printf 'pull = "never"\nprogess = "none"\n' >"$XDG_CONFIG_HOME/sbx/sbx.toml"
  run -125 sbx images
  assert_contains "$XDG_CONFIG_HOME/sbx/sbx.toml:2:1: key 'progess': there is no such key"
  assert_contains "did you mean 'progress'?"
  printf 'foo = 1\n' >"$XDG_CONFIG_HOME/sbx/sbx.toml"
  run -125 sbx images
  refute_contains 'did you mean'
  printf 'pull = "never\n' >"$XDG_CONFIG_HOME/sbx/sbx.toml"
  run -125 sbx images
  assert_contains "$XDG_CONFIG_HOME/sbx/sbx.toml:1:"
}

@test "with a mistake in the configuration there are still help, version and doctor" {
  printf 'pull = "maybe"\n' >"$XDG_CONFIG_HOME/sbx/sbx.toml"
  run -125 sbx ps
  assert_contains 'sbx.toml:1:'
  run -0 sbx run --help
  assert_contains 'Usage'
  run -0 sbx --help
  run -0 sbx help run
  run -0 sbx version
  assert_contains 'sbx version'
  run -1 sbx doctor
  assert_contains 'missing configuration'
  assert_contains "$XDG_CONFIG_HOME/sbx/sbx.toml:1:"
  assert_contains "'maybe' is none of missing, always, never, newer"
  assert_contains 'Containers cannot be run here.'
}

@test "keys that are none are refused where the configuration is read" {
  printf 'detach_keys = "foo"\n' >"$XDG_CONFIG_HOME/sbx/sbx.toml"
  run -125 sbx ps
  assert_contains "$XDG_CONFIG_HOME/sbx/sbx.toml:1:1: key 'detach_keys': 'foo' is not a list of keys"
}

@test "a configuration that others may write to is refused" {
  chmod o+w "$XDG_CONFIG_HOME/sbx/sbx.toml"
  run -125 sbx images
  assert_contains 'can be written to by others'
}

@test "an error is one line on standard error, its hint another, and nothing on standard output" {
  run -125 --separate-stderr sbx run --pull never localhost/nosuch
  assert_output ''
  [ "$(wc -l <<<"$stderr")" -le 2 ]
  [[ $stderr == 'sbx: '* ]]
}

@test "a reader that has gone is no reason for words" {
  run bash -c 'set -o pipefail; "$SBX_PROGRAM" help run | true'
  refute_contains 'terminate'
}
