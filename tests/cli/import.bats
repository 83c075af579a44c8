load ../support/sbx

rootfs() {
  mkdir -p root/bin root/srv
  cp "$(command -v busybox)" root/bin/sh
  echo content >root/srv/file
  tar -C root -cf root.tar .
}

@test "import makes an image from a tar, named and with what --change says" {
  rootfs
  run -0 sbx import -q -c 'CMD ["sh", "-c", "cat file; echo $KIND"]' -c 'ENV KIND=imported' \
    -c 'WORKDIR /srv' -c 'LABEL by=hand' -m 'from a tar' root.tar localhost/made
  [[ $output =~ ^[0-9a-f]{64}$ ]]
  run -0 sbx run --rm localhost/made
  assert_output $'content\nimported'
  run -0 sbx inspect --format '{{.Labels.by}} {{(index .History 0).comment}}' localhost/made
  assert_output 'hand from a tar'
}

@test "import reads standard input, compressed or not" {
  rootfs
  run -0 bash -c 'gzip <root.tar | "$SBX_PROGRAM" import -q - localhost/made'
  run -0 sbx run --rm localhost/made sh -c 'cat /srv/file'
  assert_output content
}

@test "the same tar is the same layer" {
  rootfs
  sbx import -q root.tar localhost/one
  sbx import -q root.tar localhost/two
  local one two
  one=$(sbx inspect --format '{{json .RootFS.Layers}}' localhost/one)
  two=$(sbx inspect --format '{{json .RootFS.Layers}}' localhost/two)
  [ "$one" = "$two" ]
}

@test "import refuses what is no tar, and changes it does not know, and keeps nothing" {
  echo 'not a tar' >text
  run -125 sbx import -q text localhost/made
  assert_contains "cannot import 'text'"
  rootfs
  run -125 sbx import -q -c 'FROM x' root.tar
  assert_contains FROM
  run -125 sbx import -q root.tar UPPER
  assert_contains "'UPPER' is not an image name"
  run -125 sbx import -q /no/such.tar
  assert_contains "open '/no/such.tar': No such file or directory"
  run -0 sbx images --quiet
  assert_output ''
}

@test "import does not wait at a terminal for an archive" {
  run -125 on_terminal -- "$SBX_PROGRAM" import - localhost/x
  assert_contains 'there is no archive: name a file, or redirect one'
}
