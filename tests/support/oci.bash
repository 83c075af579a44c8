# Bundles, and sbx as the OCI runtime that runs them. States are below each test's runtime folder.
load ../support/sbx

oci() { "$SBX_PROGRAM" oci "$@"; }

# A record of a container whose first process has ended.
record_ended() {
  sleep 60 &
  record "$1" $!
  kill $!
  wait $! || true
}

# A record of a container whose first process is this one.
record() {
  local folder=$XDG_RUNTIME_DIR/sbx/oci/$1 stat
  mkdir -p -m 700 "$XDG_RUNTIME_DIR/sbx" "$XDG_RUNTIME_DIR/sbx/oci" "$folder"
  stat=$(</proc/"$2"/stat)
  stat=(${stat##*) })
  jq -nc --arg id "$1" --argjson pid "$2" --argjson start "${stat[19]}" --argjson uid "$(id -u)" \
    '{id:$id, bundle:"/b", rootfs:"/b/rootfs", pid:$pid, startTime:$start, owner:$uid,
      created:"2026-11-28T22:35:44Z", annotations:{}}' >"$folder/state.json"
}
