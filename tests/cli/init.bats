load ../support/sbx

state_of() { sbx inspect --format '{{.State.Status}}' "$1"; }

@test "init makes a container ready, and start starts it" {
  have bb
  sbx create --name box localhost/bb echo hello >/dev/null
  run -0 sbx init box
  assert_output box
  [ "$(state_of box)" = initialized ]
  run -0 sbx ps -a --filter status=initialized --format '{{.Names}} {{.Status}}'
  assert_output 'box Initialized'
  run -0 sbx wait --condition initialized box
  run -125 sbx init box
  assert_contains "cannot initialize 'box': it is initialized already"
  run -0 sbx start -a box
  assert_output hello
  [ "$(state_of box)" = exited ]
  run -0 sbx container init --latest
  [ "$(state_of box)" = initialized ]
  run -0 sbx start -a box
  assert_output hello
}

@test "init fills volumes, and leaves the rest as it was" {
  have app
  sbx create --name box -v data:/data localhost/app true >/dev/null
  [ -z "$(sbx volume export data | tar -t | grep -v '^\./$')" ]
  run -0 sbx init box
  [ -n "$(sbx volume export data | tar -t | grep -v '^\./$')" ]
}

@test "init says what would keep a container from starting" {
  have bb
  mkdir "$BATS_TEST_TMPDIR/src"
  sbx create --name box -v "$BATS_TEST_TMPDIR/src:/x" localhost/bb true >/dev/null
  rmdir "$BATS_TEST_TMPDIR/src"
  run -125 sbx init box
  assert_contains "cannot initialize 'box'"
  assert_contains "$BATS_TEST_TMPDIR/src"
  [ "$(state_of box)" = created ]
  run -125 sbx init nosuch
  assert_contains "cannot initialize 'nosuch'"
  run -125 sbx init
  run -125 sbx init --all box
}

@test "init --all passes over those that run" {
  have bb
  sbx run -d --name running localhost/bb sleep 1000 3>&-
  sbx create --name box localhost/bb true >/dev/null
  run -125 sbx init running
  assert_contains 'it runs already'
  run -0 sbx init -a
  assert_output "$(sbx inspect --format '{{.Id}}' box)"
  [ "$(state_of running)" = running ]
  run -0 sbx init -a
  assert_output ''
  sbx rm -f -t 0 running
}

@test "init of a container in a pod needs no process of the pod" {
  have bb
  sbx pod create --name p >/dev/null
  sbx create --pod p --name box localhost/bb true >/dev/null
  run -0 sbx init box
  [ "$(state_of box)" = initialized ]
  sbx pod rm -f p
}
