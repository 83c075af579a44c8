load hostile

setup_file() {
  make_layouts rt-{proc,sys,dev,etc,run}-link rt-proc-inside rt-devnull rt-etcfiles rt-targets \
    workdir-{link,fd,rel} user-{wrap,big,minus1,grp,neg,sp,hex,name,colon} {fifo,big}-passwd \
    link-passwd-zero stop-signal volumes-trav cmd-empty entrypoint-empty ports-bad env-nokey \
    env-nul labels esc-config
}
teardown_file() { remove_layouts; }

# Runs a shell command in image CASE, once it is there; OPTIONS are those of `run`.
in_image() {
  local name=$1 command=$2
  sbx pull -q "oci:$SBX_LAYOUTS/$name:t" >/dev/null || return
  run timeout 60 "$SBX_PROGRAM" run --rm --network none "${@:3}" "localhost/$name:t" \
    /bin/sh -c "$command" </dev/null
  canary_is_untouched
}

runs() {
  in_image "$1" "${2%% => *}" "${@:3}" && [ "$status" -eq 0 ] && assert_output "${2##* => }" ||
    { echo "status $status: $output"; return 1; }
}

does_not_run() {
  in_image "$1" true "${@:3}" && assert_contains "$2" && assert_plain || return
  [ "$status" -eq 125 ] || { echo "status $status: $output"; return 1; }
  run -0 sbx ps -aq && assert_output ''
}

# --- what sbx itself puts into the image's files --------------------------------------------------

@test "a link in place of a folder that sbx fills is refused" {
  each does_not_run <<'END'
rt-proc-link   | '/proc' in the image is not a folder but a link
rt-proc-inside | '/proc' in the image is not a folder but a link
rt-sys-link    | '/sys' in the image is not a folder but a link
rt-dev-link    | '/dev' in the image is not a folder but a link
rt-etc-link    | on '/etc/hostname'
END
}

@test "files that sbx puts below /etc and /dev do not follow links out" {
  each runs <<'END'
rt-etcfiles | read name </etc/hostname; [ "$name" = "$HOSTNAME" ] && echo same => same
rt-run-link | [ -L /run ] && echo link => link
rt-devnull  | [ -c /dev/null ] && [ ! -L /dev/null ] && [ ! -L /dev/pts ] && echo own => own
END
  in_image rt-devnull 'echo x >/dev/null; echo x >/dev/console; ls /dev/pts' --tty
}

@test "targets of mounts are found inside, whatever the image's links say" {
  echo mine >"$HOME/mine"
  runs rt-targets 'read x </srv/real/x; echo "$x" => mine' -v "$HOME/mine:/srv/inside/x"
  runs rt-targets 'read x </srv/file; echo "$x" => mine' -v "$HOME/mine:/srv/file"
  runs rt-targets "[ -d $SBX_CANARY ] && echo made => made" -v "$HOME:/srv/out"
  local target
  for target in /srv/up/x /srv/out/x /srv/root/x /srv/loop/x /srv/loop; do
    does_not_run rt-targets "on '$target'" -v "$HOME/mine:$target"
    does_not_run rt-targets "on '$target'" --tmpfs "$target"
    does_not_run rt-targets "on '$target'" --mount "type=volume,src=v,dst=$target"
  done
}

@test "nothing is mounted on what is the container's own in /proc" {
  have bb
  for target in /proc /proc/self/attr /proc/sys /proc/1/fd / ; do
    run -125 sbx run --rm --network none -v /etc:$target localhost/bb true
    assert_contains "nothing can be mounted on '$target'"
    run -125 sbx run --rm --network none --tmpfs $target localhost/bb true
  done
  run -0 sbx run --rm --network none -v /etc/passwd:/proc/uptime:ro localhost/bb \
    head -c4 /proc/uptime
  assert_output root
}

@test "a subpath that a container has made a link does not lead out of the volume" {
  have bb
  canary_at="$SBX_CANARY" sbx run --rm --network none -v v:/v -e canary_at localhost/bb sh -c '
    ln -s $canary_at /v/absolute; ln -s ../../../../../../../../../..$canary_at /v/relative
    mkdir /v/folder; ln -s folder /v/good; touch /v/folder/inside'
  for below in absolute relative absolute/full; do
    run -125 sbx run --rm --network none --mount "type=volume,src=v,dst=/m,subpath=$below" \
      localhost/bb ls /m
    assert_contains "subpath: open '/$below'"
  done
  local mount=type=volume,src=v,dst=/m
  run -125 sbx run --rm --network none --mount $mount,subpath=../.. localhost/bb true
  run -0 sbx run --rm --network none --mount $mount,subpath=good localhost/bb ls /m
  assert_output inside
}

# CVE-2021-30465: the target of a mount lies in a volume that another process has a hand in.
@test "a target that turns into a link while the container starts does not lead out" {
  have bb
  mkdir -p volume/a/n data
  ln -s "../../../../../../../../../..$SBX_CANARY" volume/b
  echo mine >data/f
  python3 "$BATS_TEST_DIRNAME/exchange.py" volume/a volume/b 3>&- &
  local swapper=$! i started=0
  for i in $(turns 150); do
    run sbx run --rm --network none -v ./volume:/m -v ./data:/m/a/n localhost/bb cat /m/a/n/f
    refute_contains secret
    [ "$output" != mine ] || started=$((started + 1))
  done
  kill $swapper
  canary_is_untouched
  [ $started -gt 0 ] # the mount was where it belongs at times
}

# CVE-2025-52881: a mount's target turns into the container's own /proc/sys, and what sbx writes there
# for --sysctl would go into a folder of the person's.
@test "a kernel value is the kernel's, whatever is exchanged while it is set" {
  have bb
  mkdir -p volume/a/net data/ipv4
  ln -s /proc/sys volume/b
  echo fake >data/ipv4/ping_group_range
  python3 "$BATS_TEST_DIRNAME/exchange.py" volume/a volume/b 3>&- &
  local swapper=$! i started=0
  for i in $(turns 100); do
    run sbx run --rm --network none --sysctl 'net.ipv4.ping_group_range=0 7' -v ./volume:/m \
      -v ./data:/m/a/net localhost/bb sh -c 'tr -s "\t " " " </proc/sys/net/ipv4/ping_group_range'
    [ "$status" -eq 125 ] || assert_output '0 7'
    [ "$(cat data/ipv4/ping_group_range)" = fake ]
    [ "$status" -ne 0 ] || started=$((started + 1))
  done
  kill $swapper
  [ $started -gt 0 ]
}

# CVE-2020-1726: what the image has comes into a volume that is new, and over nothing that is there.
@test "what a container writes to a new volume is not overwritten by another's start" {
  have app
  local app=(sbx run --rm --network none -u root --entrypoint sh) i turn writer
  sbx volume create seeded
  sbx run --rm --network none -v seeded:/v:nocopy --entrypoint sh -u root localhost/app -c 'echo mine >/v/seed'
  for i in "" :ro; do
    run -0 "${app[@]}" -v seeded:/data$i localhost/app -c 'cat /data/seed'
    assert_output mine
  done
  for turn in $(turns 25); do
    "${app[@]}" -v v$turn:/data localhost/app -c 'cat /data/seed; echo mine >/data/new; mv /data/new /data/seed' >first 3>&- &
    writer=$!
    run -0 "${app[@]}" -v v$turn:/data localhost/app -c 'cat /data/seed'
    [[ $output == seed || $output == mine ]]
    wait $writer
    [ "$(cat first)" = seed ]
    run -0 "${app[@]}" -v v$turn:/data:ro localhost/app -c 'cat /data/seed'
    assert_output mine
    sbx volume rm v$turn
  done
}

@test "containers that start at once with a new volume have all that the image has there" {
  local turn other
  mkdir -p root/bin root/data
  cp /bin/busybox root/bin/busybox
  (cd root/data && seq 300 | xargs touch)
  tar --owner=0 --group=0 -C root -cf root.tar .
  sbx import -q root.tar localhost/many
  local count=(localhost/many /bin/busybox sh -c '/bin/busybox ls /data | /bin/busybox wc -l')
  for turn in $(turns 5); do
    sbx run --rm --network none -v v$turn:/data "${count[@]}" >first 3>&- &
    other=$!
    run -0 sbx run --rm --network none -v v$turn:/data "${count[@]}"
    assert_output 300
    wait $other
    [ "$(cat first)" = 300 ]
    sbx volume rm v$turn
  done
}

# --- what an image says of itself -----------------------------------------------------------------

@test "a working directory does not lead out" {
  each does_not_run <<'END'
workdir-link | entering the working directory
workdir-fd   | entering the working directory: open '/proc/self/fd/7'
END
  runs workdir-rel 'pwd => /wd/sub'
  have bb
  local fd
  for fd in {3..20}; do
    run -125 sbx run --rm --network none -w "/proc/self/fd/$fd" localhost/bb pwd 3</etc 9</ 17</tmp
  done
  for path in /proc/self/cwd /proc/1/root/etc /proc/self/exe; do
    run -125 sbx run --rm --network none -w $path localhost/bb pwd
  done
}

# CVE-2024-21626: the image names its program, while sbx has folders of the host open.
@test "a program cannot be named by what sbx has open" {
  have bb
  cp "$(command -v busybox)" "$HOME/echo"
  local up=../../../../../../../../../../../../..$HOME fd
  for fd in {3..24}; do
    run -127 sbx run --rm --network none localhost/bb "/proc/self/fd/$fd/$up/echo" ESCAPED
    refute_contains ESCAPED
    run -127 sbx run --rm --network none -e "PATH=/proc/self/fd/$fd/$up" localhost/bb echo ESCAPED
    refute_contains ESCAPED
  done
}

@test "a user that cannot be told is refused, never taken for root" {
  each does_not_run <<'END'
user-wrap        | '4294967296' is not a number from 0 to 4294967294
user-big         | '99999999999999999999999' is not a number from 0 to 4294967294
user-minus1      | '4294967295' is not a number from 0 to 4294967294
user-grp         | '4294967296' is not a number from 0 to 4294967294
user-neg         | has no user '-1'
user-sp          | has no user ' 1'
user-hex         | has no user '0x1'
user-name        | has no user 'nobody-here'
fifo-passwd      | reading '/etc/passwd': not a regular file
link-passwd-zero | reading '/etc/passwd': not a regular file
big-passwd       | reading '/etc/passwd': larger than 10485760 bytes
END
  runs user-colon 'id -u => 1'
}

@test "a configuration that makes no sense is refused" {
  each does_not_run <<'END'
stop-signal   | the image's StopSignal: '999' is not a signal
volumes-trav  | the image wants a volume on '/', which cannot be had
END
  run -125 sbx run --rm --network none "oci:$SBX_LAYOUTS/cmd-empty:t"
  assert_contains 'no command given, and the image names none'
  run -125 sbx run --rm --network none "oci:$SBX_LAYOUTS/entrypoint-empty:t"
  assert_contains 'the command is an empty word'
  runs ports-bad 'echo fine => fine'
}

@test "an image gets none of the person's variables by naming them" {
  export SECRET_TOKEN=hunter2
  in_image env-nokey env
  refute_contains hunter2
  assert_contains 'PATH=/bin'
  runs env-nul 'echo "${A-unset}" => unset'
}

@test "labels of an image become no annotations" {
  sbx pull -q "oci:$SBX_LAYOUTS/labels:t"
  sbx create --name c --network none localhost/labels:t
  run -0 sbx inspect --format '{{json .Config.Annotations}}' c
  refute_contains run.oci
  refute_contains Delegate
  sbx rm c
}

@test "what an image says of itself cannot steer the terminal" {
  local id
  id=$(sbx pull -q "oci:$SBX_LAYOUTS/esc-config:t")
  sbx create --name c --network none localhost/esc-config:t
  for words in images "history $id" "history --no-trunc $id" "inspect $id" "image inspect $id" \
    'ps -a' 'ps -a --no-trunc' 'inspect c'; do
    run -0 sbx $words
    assert_plain
  done
  sbx rm c
}

@test "a program that is none is refused, and waits for nothing" {
  have bb
  mkfifo -m 755 fifo
  truncate -s 1T huge && chmod 755 huge
  cannot_be_run() {
    run "-${2%% *}" timeout 20 "$SBX_PROGRAM" run --rm --network none -v "$HOME:/h" \
      localhost/bb "$1" &&
      assert_contains "${2#* }"
  }
  each cannot_be_run <<'END'
/bin         | 126 run '/bin': Permission denied
/etc/passwd  | 126 run '/etc/passwd': Permission denied
/h/fifo      | 126 run '/h/fifo': Permission denied
/h/huge      | 126 run '/h/huge': Exec format error
/dev/null    | 126 run '/dev/null': Permission denied
/not/there   | 127 run '/not/there': No such file or directory
not-there    | 127 run 'not-there': it is not in the container's PATH
END
}

# --- what a container can reach -------------------------------------------------------------------

# Python of the host, in a container of busybox.
probe() {
  sbx run --rm --network none -v /usr:/usr:ro -v /usr/lib:/lib:ro -v /usr/lib64:/lib64:ro \
    -v "$BATS_TEST_DIRNAME:/probe:ro" "${@:2}" localhost/bb /usr/bin/python3 /probe/probe.py "$1"
}

@test "system calls that reach for more than a container has are refused" {
  [ "$(uname -m)" = x86_64 ] || skip 'the numbers are those of x86_64'
  have bb
  for options in '' '-u nina' --tty --init; do
    run -0 probe 999999 $options </dev/null
    refute_contains allowed
    [ "${#lines[@]}" -gt 50 ]
  done
  run -0 probe 999999 --cap-add ALL
  for name in bpf reboot settimeofday kexec_load keyctl swapon 'mknod device' tiocsti; do
    refute_contains "$name: allowed"
  done
}

@test "processes outside are out of reach, also where they can be seen" {
  [ "$(uname -m)" = x86_64 ] || skip 'the numbers are those of x86_64'
  have bb
  SECRET=hunter2 sleep 1000 3>&- &
  local pid=$!
  run -0 probe $pid --pid host --cap-add SYS_PTRACE
  assert_contains 'ptrace: EPERM'
  assert_contains 'process_vm_readv: EPERM'
  run sbx run --rm --network none --pid host --cap-add SYS_PTRACE localhost/bb \
    sh -c "cd /proc/$pid; cat environ mem; ls root cwd/; readlink exe"
  kill $pid
  refute_contains hunter2
  [ "$(grep -c 'Permission denied' <<<"$output")" -eq 4 ]
  run ! sbx run --rm --network none localhost/bb ls "/proc/$pid"
  SECRET=hunter2 sleep 1000 3>&- &
  pid=$!
  run ! sbx run --rm --network none localhost/bb kill -9 "$pid"
  sbx run --rm --network none localhost/bb kill -9 -1 || true
  kill -0 "$pid"
  kill "$pid"
}

@test "the kernel's own files cannot be written to, nor its secrets read" {
  have bb
  run -0 sbx run --rm --network none localhost/bb sh -c '
    for f in /proc/sys/kernel/core_pattern /proc/sys/kernel/hostname /proc/sysrq-trigger \
      /proc/sys/fs/mqueue/msg_max /proc/sys/net/ipv4/ip_forward /proc/irq/default_smp_affinity \
      /sys/power/state /sys/kernel/mm/ksm/run /sys/fs/cgroup/cgroup.procs; do
      { echo 1 >$f; } 2>/dev/null && echo "wrote $f"
    done
    mkdir /sys/fs/cgroup/x /proc/x /sys/x 2>/dev/null && echo "made a folder"
    for f in kcore keys key-users kallsyms timer_list sched_debug interrupts slabinfo; do
      [ "$(head -c1 /proc/$f 2>/dev/null | wc -c)" = 0 ] || echo "read /proc/$f"
    done
    for d in /proc/acpi /proc/scsi /sys/firmware /sys/kernel/debug /sys/fs/bpf; do
      [ -z "$(ls $d 2>/dev/null)" ] || echo "listed $d"
    done
    umount /proc/keys 2>/dev/null && echo "unmasked /proc/keys"
    grep shared: /proc/self/mountinfo; true'
  assert_output ''
}

@test "a container has its own three descriptors, and no more" {
  have bb
  run -0 sbx run --rm --network none localhost/bb sh -c 'for fd in /proc/self/fd/*; do
    [ ! -e $fd ] || echo ${fd##*/}; done' </dev/null 3</etc 9</ 17</tmp 200</etc/passwd
  assert_output '0
1
2'
  run -0 sbx run --rm --network none --preserve-fds 1 localhost/bb cat /proc/self/fd/3 \
    3< <(echo handed on) 4</etc/passwd
  assert_output 'handed on'
}

@test "root in a container has few capabilities, other users none" {
  have bb
  run -0 sbx run --rm --network none localhost/bb grep -E '^(Cap|Seccomp:)' /proc/self/status
  assert_output $'CapInh:\t0000000000000000
CapPrm:\t00000000800405fb
CapEff:\t00000000800405fb
CapBnd:\t00000000800405fb
CapAmb:\t0000000000000000
Seccomp:\t2'
  run -0 sbx run --rm --network none -u nina localhost/bb \
    grep -E '^Cap(Prm|Eff|Amb)' /proc/self/status
  assert_output $'CapPrm:\t0000000000000000
CapEff:\t0000000000000000
CapAmb:\t0000000000000000'
}

# Its owner outside is the person: whoever could run it would be them. Not busybox, which drops it.
@test "a set-user-ID file gives root of the container, and is out of others' reach" {
  have bb
  local with_host=(-v v:/v -v /usr:/usr:ro -v /usr/lib:/lib:ro -v /usr/lib64:/lib64:ro)
  sbx run --rm --network none "${with_host[@]}" localhost/bb \
    sh -c 'cp /usr/bin/id /v/id; chmod 4755 /v/id'
  run -0 sbx run --rm --network none "${with_host[@]}" -u nina localhost/bb /v/id -u
  assert_output 1000
  with_host[1]=v:/v:suid
  run -0 sbx run --rm --network none "${with_host[@]}" -u nina localhost/bb /v/id -u
  assert_output 0
  run -0 sbx run --rm --network none "${with_host[@]}" -u nina \
    --security-opt no-new-privileges localhost/bb /v/id -u
  assert_output 1000
  [ "$(stat -c %a "$XDG_DATA_HOME/sbx")" = 700 ]
}

# CVE-2019-5736
@test "a container cannot write to the sbx that started it" {
  have bb
  cp "$SBX_PROGRAM" "$HOME/sbx"
  printf '#!/proc/self/exe\n' >script
  chmod 755 script
  attack() { run "$HOME/sbx" run --rm --network none -v ./script:/script "$@"; }
  attack localhost/bb /proc/self/exe version
  attack localhost/bb /script
  attack --init localhost/bb sh -c '
    exec 3</proc/1/exe
    { echo x >>/proc/self/fd/3; } 2>/dev/null && echo wrote
    { echo x >>/proc/1/exe; } 2>/dev/null && echo wrote
    dd if=/dev/zero of=/proc/1/exe bs=1 count=1 conv=notrunc 2>/dev/null && echo wrote'
  refute_contains wrote
  cmp "$SBX_PROGRAM" "$HOME/sbx"
}

@test "two containers see nothing of each other" {
  have bb
  mkfifo ready
  sbx run --rm --name one --network none -v ./ready:/ready localhost/bb \
    sh -c 'echo secret >/tmp/s; echo >/ready; exec sleep 1000' 3>&- &
  read -r _ <ready
  run sbx run --rm --network none localhost/bb sh -c 'cat /tmp/s; ls /dev/shm; ps | grep -c sleep'
  sbx rm -f one
  wait
  refute_contains secret
  assert_contains 'No such file'
}

@test "a FIFO of the person stays the person's, whoever runs inside" {
  have bb
  mkfifo fifo
  (echo typed >fifo 3>&- &)
  run -0 sbx run --rm -i -u nina localhost/bb cat <fifo
  assert_output typed
  [ "$(stat -c %u fifo)" = "$(id -u)" ]
}

@test "children that sbx did not start are left alone" {
  have bb
  bash -c 'sleep 300 3>&- & echo $! >job; exec "$SBX_PROGRAM" run --rm --pid host localhost/bb true'
  kill "$(cat job)"
}

@test "a volume on /etc hides nothing of what sbx puts there, and keeps none of it" {
  have bb
  run -0 sbx run --rm --hostname first -v etc:/etc localhost/bb cat /etc/hostname
  assert_output first
  run -0 sbx run --rm --hostname second -v etc:/etc localhost/bb cat /etc/hostname
  assert_output second
}

@test "an environment file takes none of the person's variables by a pattern" {
  have bb
  echo 'S*' >env
  run -125 sbx run --rm --env-file env localhost/bb env
  assert_contains "env:1: 'S*' would take all that begin so"
}

@test "a parent that ignores its children's ends is no reason to fail" {
  have bb
  run -0 python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])' "$SBX_PROGRAM" run --rm localhost/bb echo ran
  assert_output ran
}
