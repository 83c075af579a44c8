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

eval "sbx_$(declare -f teardown)"

# Each test's container is "box".
teardown() {
  oci delete --force box
  sbx_teardown
}

# A bundle for this user in the folder $1, whose program is the rest.
bundle() {
  local folder=$1 name
  shift
  mkdir -p "$folder"/rootfs/{bin,dev,etc,proc,sys,tmp}
  cp "$(command -v busybox)" "$folder/rootfs/bin/busybox"
  for name in grep sh sleep cat echo id env true kill stat tty pwd ls; do
    ln -sf busybox "$folder/rootfs/bin/$name"
  done
  oci spec --rootless -b "$folder"
  edit "$folder" '.process.terminal = false | .process.args = $ARGS.positional' "$@"
}

# Changes the configuration of a bundle: a program of jq, and its arguments.
edit() {
  local file=$1/config.json filter=$2
  shift 2
  jq "$filter" "$file" --args -- "$@" >"$file.new" && mv "$file.new" "$file"
}

status_is() { [ "$(oci state "$1" | jq -r .status)" = "$2" ]; }
