load ../support/sbx

@test "an image is pulled by tag, and its id is all that is printed" {
  run -0 --separate-stderr sbx pull "$SBX_REGISTRY/test/bb:1"
  [[ $output =~ ^[0-9a-f]{64}$ ]]
  [ "$output" = "$(sbx images --quiet --no-trunc | cut -d: -f2)" ]
  run -0 sbx run --rm "$SBX_REGISTRY/test/bb:1" echo ran
  assert_output ran
}

@test "a pull by digest is that manifest, and no other" {
  local digest wrong
  digest=$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$SBX_REGISTRY/test/bb:1")
  run -0 sbx pull -q "$SBX_REGISTRY/test/bb@$digest"
  run -0 sbx image inspect --format '{{.Digest}}' "$SBX_REGISTRY/test/bb@$digest"
  assert_output "$digest"
  wrong=sha256:$(printf '%064d' 0)
  run -125 sbx pull -q "$SBX_REGISTRY/test/bb@$wrong"
  assert_contains "$wrong"
}

@test "a pull that has all layers already fetches none" {
  sbx pull -q "$SBX_REGISTRY/test/bb:1"
  run -0 sbx pull "$SBX_REGISTRY/test/app:1"
  assert_contains 'is here already'
  run -0 sbx pull --policy missing "$SBX_REGISTRY/test/app:1"
  [ ${#lines[@]} -eq 1 ]
}

@test "--all-tags takes every tag of the repository" {
  local tag
  for tag in a b; do
    skopeo copy -q --insecure-policy --dest-tls-verify=false \
      "oci:$SBX_IMAGES:bb" "docker://$SBX_REGISTRY/many/tags:$tag"
  done
  sbx pull -q --all-tags "$SBX_REGISTRY/many/tags"
  run -0 sbx image inspect --format '{{join .RepoTags " "}}' "$SBX_REGISTRY/many/tags:a"
  assert_contains "$SBX_REGISTRY/many/tags:a $SBX_REGISTRY/many/tags:b"
}

@test "a name that the registry does not know is an error that names it, and nothing is kept" {
  run -125 sbx pull "$SBX_REGISTRY/test/bb:none"
  assert_contains "cannot pull '$SBX_REGISTRY/test/bb:none': fetching the manifest of"
  assert_contains 'manifest unknown'
  run -125 sbx pull "$SBX_REGISTRY/none/none:1"
  run -125 sbx pull UPPER
  assert_contains "'UPPER' is not an image name"
  run -125 sbx pull "$SBX_REGISTRY/test/bb:with space"
  run -0 sbx images --quiet
  assert_output ''
}

@test "a registry that is not there is named, with the reason" {
  local port
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  run -125 sbx pull --retry 0 --tls-verify=false "127.0.0.1:$port/bb"
  assert_contains "127.0.0.1:$port"
  assert_contains 'onnect'
  run -125 sbx pull --retry 0 registry.invalid/bb
  assert_contains 'registry.invalid'
}

@test "plain HTTP takes permission" {
  rm "$XDG_CONFIG_HOME/sbx/sbx.toml"
  run -125 sbx pull --retry 0 "$SBX_REGISTRY/test/bb:1"
  assert_contains "$SBX_REGISTRY"
  run -0 sbx pull -q --retry 0 --tls-verify=false "$SBX_REGISTRY/test/bb:1"
}

@test "a private registry wants credentials, and says so" {
  local name=$SBX_PRIVATE_REGISTRY/test/bb:1
  run -125 sbx pull --retry 0 "$name"
  assert_contains "$SBX_PRIVATE_REGISTRY"
  assert_contains "hint"
  run -125 sbx pull --retry 0 --creds nina:wrong "$name"
  refute_contains wrong
  run -0 sbx pull -q --creds nina:secret "$name"
}

@test "credentials come from an authfile, whose wrong password is not shown" {
  local name=$SBX_PRIVATE_REGISTRY/test/bb:1
  auth_file() { printf '{"auths":{"%s":{"auth":"%s"}}}' "$SBX_PRIVATE_REGISTRY" "$(printf %s "$2" | base64)" >"$1"; }
  auth_file wrong nina:mistake
  run -125 sbx pull --retry 0 --authfile wrong "$name"
  refute_contains mistake
  auth_file right nina:secret
  run -0 sbx pull -q --authfile right "$name"
  REGISTRY_AUTH_FILE=right run -0 sbx pull -q "$name"
  run -125 sbx pull --authfile none "$name"
  assert_output 'sbx: --authfile none: No such file or directory'
  run -125 sbx run --authfile none localhost/bb
  assert_contains '--authfile none: No such file or directory'
  echo '{"auths":' >broken
  run -125 sbx pull --authfile broken "$name"
  assert_contains broken
}

@test "credentials of one registry do not go to another" {
  printf '{"auths":{"%s":{"auth":"%s"}}}' elsewhere.invalid "$(printf nina:secret | base64)" >auth
  run -125 sbx pull --retry 0 --authfile auth "$SBX_PRIVATE_REGISTRY/test/bb:1"
}

@test "--platform chooses from an index, and takes a single image only if it fits" {
  run -125 sbx pull --platform linux/s390x "$SBX_REGISTRY/test/bb:1"
  assert_contains 'the image is for linux/amd64, not for linux/s390x'
  run -0 sbx pull -q --platform linux/amd64 "$SBX_REGISTRY/test/bb:1"
  run -125 sbx pull --platform linux "$SBX_REGISTRY/test/bb:1"
  assert_contains "--platform: there is no architecture 'linux'"
  run -125 sbx pull --platform a/b/c/d "$SBX_REGISTRY/test/bb:1"
}

@test "a layout and archives on this disk are registries too" {
  skopeo copy -q --insecure-policy "oci:$SBX_IMAGES:bb" oci-archive:oci.tar:localhost/x:1
  skopeo copy -q --insecure-policy "oci:$SBX_IMAGES:bb" docker-archive:docker.tar:localhost/y:1
  local layout oci docker
  layout=$(sbx pull -q "oci:$SBX_IMAGES:bb")
  oci=$(sbx pull -q oci-archive:oci.tar)
  [ "$layout" = "$oci" ]
  docker=$(sbx pull -q docker-archive:docker.tar)
  run -0 sbx run --rm "$docker" echo ran
  assert_output ran
  run -125 sbx pull oci:no/such/layout:x
  assert_contains "cannot pull 'oci:no/such/layout'"
  assert_contains 'No such file or directory'
  run -125 sbx pull "oci:$SBX_IMAGES:none"
  assert_contains none
  run -125 sbx pull floppy:disk:x
  mkdir empty
  run -125 sbx pull oci:empty
  assert_contains "cannot pull 'oci:empty': it is no image layout: it has no index.json"
  run -125 sbx pull dir:empty
  assert_output "sbx: 'dir:empty': the transport dir is not supported
hint: there are docker://, oci:, oci-archive: and docker-archive:"
}

@test "progress is a line for each event where nobody looks, none with -q or by configuration" {
  run -0 --separate-stderr sbx pull "$SBX_REGISTRY/test/bb:1"
  [[ $stderr =~ ^[0-9a-f]{12}.*done ]]
  [[ $stderr != *$'\x1b'* ]]
  sbx rmi -a
  run -0 --separate-stderr sbx pull -q "$SBX_REGISTRY/test/bb:1"
  [ -z "$stderr" ]
  sbx rmi -a
  sed -i '1i progress = "none"' "$XDG_CONFIG_HOME/sbx/sbx.toml"
  run -0 --separate-stderr sbx pull "$SBX_REGISTRY/test/bb:1"
  [ -z "$stderr" ]
  sbx rmi -a
  run -0 --separate-stderr sbx pull --progress plain "$SBX_REGISTRY/test/bb:1"
  [[ $stderr == *done* ]]
  run -125 sbx pull --progress fancy "$SBX_REGISTRY/test/bb:1"
  assert_contains "'fancy' is none of auto, plain, none"
}

@test "progress on a terminal is drawn in place, but for a terminal that cannot" {
  run -0 on_terminal -- "$SBX_PROGRAM" pull "$SBX_REGISTRY/test/app:1"
  assert_contains $'\x1b[K'
  assert_contains done
  sbx rmi -a
  TERM=dumb run -0 on_terminal -- "$SBX_PROGRAM" pull "$SBX_REGISTRY/test/app:1"
  refute_contains $'\x1b'
  sbx rmi -a
  run -0 on_terminal -- "$SBX_PROGRAM" pull --progress=plain "$SBX_REGISTRY/test/app:1"
  refute_contains $'\x1b'
  assert_contains done
}

@test "twenty pulls of an image at once fetch it once" {
  local i pids=()
  for i in {1..20}; do
    sbx pull -q "$SBX_REGISTRY/test/app:1" >"id$i" &
    pids+=($!)
  done
  for i in "${pids[@]}"; do wait "$i"; done
  [ "$(sort -u id* | wc -l)" -eq 1 ]
  run -0 sbx run --rm "$SBX_REGISTRY/test/app:1"
  assert_output 'entry default words'
}

@test "a pull that is killed is taken up again, and leaves no half image" {
  local pid
  "$SBX_PROGRAM" pull -q "$SBX_REGISTRY/test/app:1" &
  pid=$!
  kill -KILL $pid
  wait $pid || true
  run -0 sbx images --quiet
  run -0 sbx pull -q "$SBX_REGISTRY/test/app:1"
  run -0 sbx run --rm "$SBX_REGISTRY/test/app:1"
}

@test "two images are pulled one after the other, each with its progress" {
  run -0 --separate-stderr sbx pull --progress plain "$SBX_REGISTRY/test/bb:1" "$SBX_REGISTRY/test/app:1"
  [ ${#lines[@]} -eq 2 ]
  [ "$(grep -c done <<<"$stderr")" -ge 3 ]
}

@test "--all-tags wants a repository" {
  run -125 sbx pull --all-tags "$SBX_REGISTRY/test/bb:1"
  assert_contains "'$SBX_REGISTRY/test/bb:1' names one image already"
}
