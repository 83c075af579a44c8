# What the tests in the machine of tests/vm/run share: sbx by both of its names, and bundles.
bats_require_minimum_version 1.5.0
load /payload/tests/support/sbx

# What the tests of commands do before and after each is for a machine with a registry.
setup() { :; }
teardown() { :; }

setup_machine() {
  export PATH=/payload:$PATH SBX_PROGRAM=/payload/sbx BATS_NO_PARALLELIZE_WITHIN_FILE=true
  ln -sf /payload/sbx "$BATS_FILE_TMPDIR/sbx-oci"
  export SBX_OCI=$BATS_FILE_TMPDIR/sbx-oci BUNDLES=$BATS_FILE_TMPDIR
  chmod a+x "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/file" "$BUNDLES"  # other ids have to find the way
  mkdir -p "$BUNDLES/rootfs"/{bin,dev,proc,sys,tmp}
  cp /bin/busybox "$BUNDLES/rootfs/bin"
  /bin/busybox --list | while read -r applet; do
    [ "$applet" = busybox ] || ln -s busybox "$BUNDLES/rootfs/bin/$applet"
  done
}

# make_bundle NAME FILTER [SPEC_OPTION...]: a bundle that sleeps, with its document changed by jq.
make_bundle() {
  mkdir "$BUNDLES/$1"
  sbx oci spec -b "$BUNDLES/$1" "${@:3}"
  jq ".root.path = \"$BUNDLES/rootfs\" | .process.terminal = false
      | .process.args = [\"sleep\", \"600\"] | $2" "$BUNDLES/$1/config.json" >"$BUNDLES/$1/new"
  mv "$BUNDLES/$1/new" "$BUNDLES/$1/config.json"
}

# oci COMMAND...: with cgroups made by systemd.
oci() { "$SBX_OCI" --systemd-cgroup "$@"; }

status_of() { oci state "$1" | jq -r .status; }
