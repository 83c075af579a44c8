load ../support/oci

@test "features prints what documents may ask for" {
  run -0 oci features
  [ "$(jq -r .ociVersionMax <<<"$output")" = "$(oci --version | sed -n 's/spec: //p')" ]
  [ "$(jq -c .linux.cgroup.v2 <<<"$output")" = true ]
  [ "$(jq '.hooks | length' <<<"$output")" = 6 ]
  run -1 oci features x
  assert_contains x
}
