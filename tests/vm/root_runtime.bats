# The runtime as root: scopes of the system's systemd, devices, containerd; and users who log out.
load machine

setup_file() { setup_machine; }

@test "a container of root is a scope of the system" {
  make_bundle box '.linux.cgroupsPath = "system.slice:vm:box" | .linux.resources.pids.limit = 30'
  oci run -d -b "$BUNDLES/box" box
  run -0 systemctl is-active vm-box.scope
  run -0 cat /sys/fs/cgroup/system.slice/vm-box.scope/container/pids.max
  [ "$output" = 30 ]
  oci delete -f box
  eventually sh -c '! systemctl is-active -q vm-box.scope'
}

@test "a container of root is a folder of cgroups where no systemd is asked" {
  make_bundle folder '.linux.cgroupsPath = "/vm/folder" | .linux.resources.memory.limit = 50000000'
  "$SBX_OCI" run -d -b "$BUNDLES/folder" folder
  run -0 cat /sys/fs/cgroup/vm/folder/memory.max
  [ "$output" = 49999872 ]
  "$SBX_OCI" delete -f folder
  [ ! -e /sys/fs/cgroup/vm/folder ]
}

# Only the caller has the right to them, outside the container's user namespace.
@test "limits and OOM scores of a container with other ids may be beyond the caller's" {
  make_bundle ids '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 200000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings | .process.oomScoreAdj = -333
    | .process.rlimits = [{type: "RLIMIT_NOFILE", soft: 3000000, hard: 3000000}]
    | .process.args = ["sh", "-c", "ulimit -Hn; cat /proc/self/oom_score_adj; sleep 600"]'
  sysctl -q fs.nr_open=4000000
  prlimit --nofile=1024:1024 --pid $$
  oci run -d -b "$BUNDLES/ids" ids >"$BUNDLES/ids/out"
  eventually grep -q -- -333 "$BUNDLES/ids/out"
  [ "$(cat "$BUNDLES/ids/out")" = $'3000000\n-333' ]
  run -0 oci exec ids sh -c 'ulimit -Hn; cat /proc/self/oom_score_adj'
  [ "$output" = $'3000000\n-333' ]
  oci delete -f ids
}

# A program that makes the machine's disk, and reads of it; with these rules for devices.
run_with_devices() {
  local numbers
  numbers=$(stat -c '%Hr %Lr' /dev/vda)
  rm -rf "${BUNDLES:?}/devices"
  make_bundle devices ".linux.resources.devices = [{allow: false, access: \"rwm\"} $1]
    | .mounts += [{destination: \"/tmp\", type: \"tmpfs\", source: \"tmpfs\"}]
    | .process.capabilities[] += [\"CAP_MKNOD\"]
    | .process.args = [\"sh\", \"-c\", \"mknod /tmp/vda b $numbers && head -c 4 /tmp/vda | wc -c\"]"
  oci run -b "$BUNDLES/devices" devices
}

@test "devices are those that the document allows, whatever a process makes" {
  local major minor
  read -r major minor < <(stat -c '%Hr %Lr' /dev/vda)
  run run_with_devices ''
  [[ $output == *'Operation not permitted'*0 ]] || { echo "$output" && false; }
  run -0 run_with_devices ", {allow: true, type: \"b\", major: $major, minor: $minor, access: \"rwm\"}"
  [ "$output" = 4 ]
}

@test "containerd's default limits hold" {
  containerd >"$BATS_FILE_TMPDIR/containerd.log" 2>&1 3>&- &
  local containerd=$!
  eventually ctr version
  tar -C /payload/images -cf "$BATS_FILE_TMPDIR/images.tar" .
  ctr images import --base-name test "$BATS_FILE_TMPDIR/images.tar"
  ctr run -d --snapshotter native --runtime io.containerd.runc.v2 --runc-binary "$SBX_OCI" \
    --memory-limit 50000000 --cpus 0.5 test:bb box sleep 600
  run -0 sh -c 'cd /sys/fs/cgroup/default/box && cat memory.max cpu.max cpu.weight'
  [ "$output" = $'49999872\n50000 100000\n100' ] || { echo "$output" && false; }
  ctr task kill -s KILL box
  eventually sh -c 'ctr task ls | grep -q STOPPED'
  ctr container rm box
  [ ! -e /sys/fs/cgroup/default/box ]
  kill "$containerd"
  wait "$containerd" || true
}

@test "a cgroup that is delegated to a service is used as it is" {
  run -0 systemd-run -q --uid=dev --pipe --wait -p Delegate=yes -E HOME=/home/dev -- \
    /payload/sbx run -q --rm --cgroupns host --pids-limit 50 oci:/payload/images:bb \
    cat /proc/self/cgroup
  [[ $output == 0::/system.slice/run-*.service/sbx-* ]] || { echo "$output" && false; }
}

# as_eve COMMAND: in a session of a user for whom no systemd lingers.
as_eve() {
  systemd-run -q --uid=eve --pipe --wait -p PAMName=login -E PATH=/payload:/usr/bin:/bin -- sh -c "$1"
}

@test "containers end with the session of a user who does not linger, and that is seen later" {
  run -0 as_eve 'sbx run -q -d --name box --pids-limit 30 oci:/payload/images:bb sleep 600 >/dev/null
    until [ "$(sbx inspect --format "{{.State.Running}}" box 2>/dev/null)" = true ]; do sleep 0.2; done
    sbx ps --format "{{.Names}} {{.Status}}"'
  [[ $output == 'box Up'* ]] || { echo "$output" && false; }
  eventually sh -c '! systemctl is-active -q "user@$(id -u eve).service"'
  run -0 as_eve 'sbx ps -a --format "{{.Names}} {{.Status}}"; sbx rm box; sbx ps -aq'
  [[ $output == 'box Exited'*box ]] || { echo "$output" && false; }
}

@test "a container of a user who lingers is started with the machine" {
  local as_dev='runuser -u dev -- env HOME=/home/dev XDG_RUNTIME_DIR=/run/user/1000'
  $as_dev sh -c '/payload/sbx create -q --name boot oci:/payload/images:bb sleep 600
    mkdir -p ~/.config/systemd/user/default.target.wants
    /payload/sbx generate systemd -n boot >~/.config/systemd/user/boot.service
    ln -s ../boot.service ~/.config/systemd/user/default.target.wants'
  systemctl restart user@1000.service # which a boot starts
  eventually sh -c "[ \"\$($as_dev /payload/sbx inspect --format '{{.State.Status}}' boot)\" = running ]"
  $as_dev sh -c 'rm ~/.config/systemd/user/boot.service ~/.config/systemd/user/default.target.wants/boot.service
    /payload/sbx rm -f -t 1 boot'
}
