# The runtime, alone and below podman, where cgroups can be had; as the user dev.
load machine

setup_file() {
  setup_machine
  mkdir -p ~/.config/containers
  echo '{"default": [{"type": "insecureAcceptAnything"}]}' >~/.config/containers/policy.json
  podman_of_sbx pull -q oci:/payload/images:bb
  podman_of_sbx tag "$(podman_of_sbx images -q | head -n 1)" bb
}

teardown_file() { podman_of_sbx rm -fa; }

podman_of_sbx() {
  podman --storage-driver vfs --runtime "$SBX_OCI" --cgroup-manager systemd --events-backend file "$@"
}

# start_box ID [FILTER]: a container in a scope of its own.
start_box() {
  make_bundle "$1" ".linux.cgroupsPath = \"user.slice:vm:$1\" | ${2:-.}" --rootless
  oci run -d -b "$BUNDLES/$1" "$1"
}

@test "a container is a scope of the user's systemd, which goes with it" {
  start_box scope
  run -0 systemctl --user is-active vm-scope.scope
  oci delete -f scope
  eventually sh -c '! systemctl --user is-active -q vm-scope.scope'
}

@test "the document's limits are the cgroup's, and who is started later has them, too" {
  start_box limited '.linux.resources = {memory: {limit: 50000000, swap: 60000000},
    cpu: {quota: 20000, period: 100000, shares: 512, cpus: "0"}, pids: {limit: 30},
    unified: {"memory.high": "40000000"}}'
  run -0 oci exec limited sh -c 'cd /sys/fs/cgroup
    cat memory.max memory.swap.max cpu.max cpu.weight cpuset.cpus pids.max memory.high'
  [ "$output" = $'49999872\n9998336\n20000 100000\n59\n0\n30\n39997440' ] ||
    { echo "$output" && false; }
  run -0 oci exec limited sh -c 'cat /proc/1/cgroup /proc/self/cgroup | sort -u | wc -l'
  [ "$output" = 1 ]
  oci update --pids-limit 40 --memory 40000000 limited
  run -0 oci exec limited sh -c 'cd /sys/fs/cgroup; cat pids.max memory.max'
  [ "$output" = $'40\n39997440' ]
  run -0 oci events --stats limited
  [ "$(jq '.data.pids.limit' <<<"$output")" = 40 ]
  [ "$(jq '.data.memory.usage.usage > 0' <<<"$output")" = true ]
  oci delete -f limited
}

@test "a paused container stands still" {
  start_box still '.process.args = ["sh", "-c", "while :; do echo >>/tmp/x; sleep 0.1; done"]
    | .root.readonly = false'
  oci pause still
  [ "$(status_of still)" = paused ]
  local before after
  before=$(wc -c <"$BUNDLES/rootfs/tmp/x")
  sleep 1
  after=$(wc -c <"$BUNDLES/rootfs/tmp/x")
  [ "$before" -eq "$after" ]
  oci resume still
  [ "$(status_of still)" = running ]
  eventually sh -c "[ \$(wc -c <'$BUNDLES/rootfs/tmp/x') -gt $after ]"
  oci delete -f still
}

@test "CPU time is shared as the document says" {
  local busy='["sh", "-c", "timeout 8 sh -c \"while :; do :; done\"; cat /sys/fs/cgroup/cpu.stat"]'
  make_bundle much ".process.args = $busy | .linux.resources = {cpu: {shares: 4096, cpus: \"0\"}}" --rootless
  make_bundle less ".process.args = $busy | .linux.resources = {cpu: {shares: 512, cpus: \"0\"}}" --rootless
  oci run -b "$BUNDLES/much" much >"$BUNDLES/much.out" &
  local first=$!
  oci run -b "$BUNDLES/less" less >"$BUNDLES/less.out"
  wait "$first"
  local much less
  much=$(awk '/usage_usec/ { print $2 }' "$BUNDLES/much.out")
  less=$(awk '/usage_usec/ { print $2 }' "$BUNDLES/less.out")
  echo "$much $less"
  [ "$much" -gt $((less * 2)) ]
}

@test "podman's limits hold" {
  run -0 --separate-stderr podman_of_sbx run --rm --network none -m 64m --cpus 0.5 --pids-limit 50 bb \
    sh -c 'cd /sys/fs/cgroup; cat memory.max cpu.max pids.max'
  [ "$output" = $'67108864\n50000 100000\n50' ] || { echo "$output $stderr" && false; }
  # podman 4.3 does not tell of memory that ran out, with any runtime.
  run -137 podman_of_sbx run --rm --network none -m 32m --memory-swap 32m bb \
    sh -c 'exec tail -c 200m /dev/zero'
}

@test "podman pauses, updates, execs and kills" {
  podman_of_sbx run -d --name box --network none bb sleep 600
  podman_of_sbx pause box
  run -0 --separate-stderr podman_of_sbx inspect -f '{{.State.Status}}' box
  [ "$output" = paused ]
  podman_of_sbx unpause box
  podman_of_sbx update -m 80m box
  run -0 --separate-stderr podman_of_sbx exec box cat /sys/fs/cgroup/memory.max
  [ "$output" = 83886080 ]
  run -0 --separate-stderr podman_of_sbx stats --no-stream --format '{{.PIDs}}' box
  [ "$output" -ge 1 ]
  podman_of_sbx kill box
  run -0 --separate-stderr podman_of_sbx wait box
  [ "$output" = 137 ]
  podman_of_sbx rm box
}

@test "nothing is left of the runtime's scopes" {
  eventually sh -c '[ -z "$(systemctl --user list-units --no-legend --plain "vm-*.scope" "sbx-*.scope")" ]'
  [ -z "$(ls "$XDG_RUNTIME_DIR/sbx/oci")" ]
}
