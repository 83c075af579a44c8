load ../support/suite

eval "small_$(declare -f setup_suite)"

# A Debian beside the small images, in the layout and in the registry.
setup_suite() {
  small_setup_suite
  export SBX_DEBIAN=$BATS_SUITE_TMPDIR/images/debian
  "$BATS_TEST_DIRNAME/make-debian" "$SBX_DEBIAN"
  skopeo copy -q --insecure-policy --dest-tls-verify=false \
    "oci:$SBX_DEBIAN:t" "docker://$SBX_REGISTRY/test/debian:1"
}
