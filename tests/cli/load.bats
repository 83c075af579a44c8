load ../support/sbx

archives() {
  skopeo copy -q --insecure-policy "oci:$SBX_IMAGES:app" oci-archive:oci.tar:localhost/one:1
  skopeo copy -q --insecure-policy "oci:$SBX_IMAGES:app" docker-archive:docker.tar:localhost/two:2
}

@test "load takes in what podman save and docker save write" {
  archives
  run -0 sbx load -q -i oci.tar
  assert_output 'Loaded image: localhost/one:1'
  run -0 sbx load -q -i docker.tar
  assert_output 'Loaded image: localhost/two:2'
  for name in localhost/one:1 localhost/two:2; do
    run -0 sbx run --rm "$name"
    assert_output 'entry default words'
  done
}

@test "load reads standard input, also a pipe, also compressed" {
  archives
  run -0 bash -c 'cat docker.tar | "$SBX_PROGRAM" load -q'
  assert_output 'Loaded image: localhost/two:2'
  gzip -k oci.tar
  run -0 bash -c '"$SBX_PROGRAM" load -q <oci.tar.gz'
  assert_output 'Loaded image: localhost/one:1'
}

@test "load takes all images of an archive" {
  skopeo copy -q --insecure-policy "oci:$SBX_IMAGES:bb" docker-archive:one.tar:localhost/bb:1 \
    --additional-tag localhost/bb:2
  run -0 sbx load -q -i one.tar
  assert_contains 'Loaded image: localhost/bb:1'
  assert_contains 'Loaded image: localhost/bb:2'
}

@test "what is no archive of images is refused, by name, and nothing is kept" {
  echo 'not a tar' >text
  run -125 sbx load -q -i text
  assert_contains text
  tar -cf empty.tar -T /dev/null
  run -125 sbx load -q -i empty.tar
  assert_output "sbx: reading 'empty.tar': the archive is empty"
  run -125 sbx load -q </dev/null
  assert_output "sbx: reading 'standard input': the archive is empty"
  run -125 sbx load -q -i /no/such.tar
  assert_contains "open '/no/such.tar': No such file or directory"
  archives
  head -c 100000 docker.tar >cut.tar
  run -125 sbx load -q -i cut.tar
  assert_contains cut.tar
  run -0 sbx images --quiet
  assert_output ''
}

@test "an archive that lists no image is refused, by load and by pull" {
  list() { # the content of manifest.json
    printf '%s' "$1" >manifest.json
    tar -cf list.tar manifest.json
  }
  list '[]'
  run -125 sbx load -q -i list.tar
  assert_output "sbx: reading 'list.tar': it has no image: manifest.json lists none"
  run -125 sbx pull -q docker-archive:list.tar
  assert_output "sbx: cannot pull 'docker-archive:list.tar': it has no image: manifest.json lists none"
  for text in '{}' '"link"' null 1; do
    list "$text"
    run -125 sbx load -q -i list.tar
    assert_output "sbx: reading 'list.tar': manifest.json is not a list of images"
  done
  rm manifest.json
  ln -s nowhere manifest.json
  tar -cf list.tar manifest.json
  run -125 sbx load -q -i list.tar
  assert_contains 'it has neither a manifest.json nor an index.json'
  echo '{"schemaVersion": 2, "manifests": []}' >index.json
  tar -cf list.tar index.json
  run -125 sbx load -q -i list.tar
  assert_output "sbx: reading 'list.tar': it has no image: index.json lists none"
}

@test "load does not wait at a terminal for an archive" {
  run -125 on_terminal -- "$SBX_PROGRAM" load
  assert_contains 'there is no archive: give --input, or redirect one'
}

@test "an archive that is named without --input gets a hint" {
  run -125 sbx load image.tar
  assert_contains 'hint: did you mean `sbx load -i image.tar`?'
}
