load ../support/sbx

# A shell command in a container of bb, with options before it.
in_bb() {
  local command=${*: -1}
  sbx run --rm "${@:1:$#-1}" localhost/bb sh -c "$command"
}

@test "an overlay is written to, and its source is not" {
  have bb
  mkdir "$BATS_TEST_TMPDIR/src" "$BATS_TEST_TMPDIR/upper" "$BATS_TEST_TMPDIR/work"
  echo kept >"$BATS_TEST_TMPDIR/src/file"
  run -0 sbx run --name box -v "$BATS_TEST_TMPDIR/src:/o:O" localhost/bb \
    sh -c 'cat /o/file; ls /o; echo more >>/o/file; rm -f /o/none; echo new >/o/new; cat /o/file'
  assert_output $'kept\nfile\nkept\nmore'
  [ "$(ls "$BATS_TEST_TMPDIR/src")" = file ]
  [ "$(cat "$BATS_TEST_TMPDIR/src/file")" = kept ]
  run -0 sbx start -a box
  assert_output $'kept\nfile\nkept\nmore'
  run -0 sbx inspect --format '{{range .Mounts}}{{.Type}} {{.Source}} {{.RW}}{{end}}' box
  assert_output "overlay $BATS_TEST_TMPDIR/src true"
  run -0 sbx rm box
  [ -z "$(ls "$XDG_DATA_HOME/sbx/containers")" ]
}

@test "an overlay over a volume, and one whose changes stay" {
  have bb
  mkdir "$BATS_TEST_TMPDIR/src" "$BATS_TEST_TMPDIR/upper" "$BATS_TEST_TMPDIR/work"
  run -0 sbx run --rm -v data:/d localhost/bb sh -c 'echo kept >/d/file'
  run -0 sbx run --rm -v data:/d:O localhost/bb sh -c 'rm /d/file && ls /d'
  assert_output ''
  run -0 sbx run --rm -v data:/d localhost/bb cat /d/file
  assert_output kept
  local over=$BATS_TEST_TMPDIR/src:/o:O,upperdir=$BATS_TEST_TMPDIR/upper,workdir=$BATS_TEST_TMPDIR/work
  run -0 sbx run --rm -v "$over" localhost/bb sh -c 'echo new >/o/new'
  [ -z "$(ls "$BATS_TEST_TMPDIR/src")" ]
  [ "$(cat "$BATS_TEST_TMPDIR/upper/new")" = new ]
  run -0 sbx run --rm -v "$over" localhost/bb cat /o/new
  assert_output new
}

@test "what cannot be laid over is refused" {
  have bb
  run -125 sbx run --rm -v /etc/passwd:/o:O localhost/bb true
  assert_contains "overlay over '/etc/passwd' on '/o'"
  assert_contains 'Not a directory'
  run -125 sbx run --rm -v /:/o:O localhost/bb true
  assert_contains 'has other mounts in it'
}

@test "-e sets a variable, copies one of ours, or all that begin so" {
  have bb
  export MINE=1 MINE_TOO='two words'
  run -0 in_bb -e SET=x=y -e EMPTY= -e MINE -e NOT_SET 'echo "$SET|${EMPTY-unset}|$MINE|${NOT_SET-unset}"'
  assert_output 'x=y||1|unset'
  run -0 in_bb -e 'MINE*' 'echo "$MINE|$MINE_TOO"'
  assert_output '1|two words'
}

@test "nothing of our own environment is in the container unasked" {
  have bb
  SECRET=x run -0 in_bb 'env | cut -d= -f1 | sort | tr "\n" " "'
  assert_output 'HOME HOSTNAME PATH PWD SHLVL container '
}

@test "--env-file has a variable a line, comments, and says which line is wrong" {
  have bb
  export MINE=1
  printf '# comment\nONE=first second\r\n\nMINE\nTWO="quoted"\n' >env
  run -0 in_bb --env-file env -e ONE=over 'echo "$ONE|$MINE|$TWO"'
  assert_output 'over|1|"quoted"'
  printf 'A=1\nexport B=2\n' >env
  run -125 in_bb --env-file env true
  assert_contains "env:2: the variable's name has a space: 'export B'"
}

@test "files of variables, labels and system calls may be pipes" {
  have bb
  run -0 bash -c '"$SBX_PROGRAM" run --rm --env-file <(echo A=1) localhost/bb sh -c "echo \$A"'
  assert_output 1
  run -0 in_bb --env-file /dev/stdin 'echo $A' <<<A=2
  assert_output 2
  run -0 bash -c '"$SBX_PROGRAM" create --name box --label-file <(echo kind=test) \
    --security-opt seccomp=<(echo "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}") localhost/bb'
  run -0 sbx inspect --format '{{json .Config.Labels}}' box
  assert_output '{"kind":"test"}'
  run -125 in_bb --env-file /dev/zero true
  assert_contains "reading '/dev/zero': larger than 16777216 bytes"
}

@test "--unsetenv drops what the image sets" {
  have app
  run -0 sbx run --rm --unsetenv GREETING --entrypoint sh localhost/app -c 'echo ${GREETING-unset}'
  assert_output unset
}

@test "-u takes names and numbers, with the groups that the image gives them" {
  have bb
  run -0 in_bb -u nina 'id; echo $HOME'
  assert_output $'uid=1000(nina) gid=1000(nina) groups=29(audio),1000(nina)\n/home/nina'
  run -0 in_bb -u nina:audio id
  assert_output 'uid=1000(nina) gid=29(audio) groups=29(audio)'
  run -0 in_bb -u 12345:77 'id; echo $HOME'
  assert_output $'uid=12345 gid=77 groups=77\n/'
  run -0 in_bb -u :audio id
  assert_contains 'gid=29(audio)'
  run -0 in_bb -u nina --group-add 77 --group-add nogroup id
  assert_contains 'groups=29(audio),77,1000(nina),65534(nogroup)'
}

@test "a user or group that does not exist in the container is named" {
  have bb
  run -125 in_bb -u nosuch true
  assert_contains "the image's /etc/passwd has no user 'nosuch'"
  run -125 in_bb -u nina:nosuch true
  assert_contains "the image's /etc/group has no group 'nosuch'"
  run -125 in_bb -u 99999999 true
  assert_contains 'user 99999999 does not exist in the container'
}

@test "what root in the container makes outside is ours" {
  have bb
  mkdir out
  in_bb -v ./out:/out 'touch /out/root'
  [ "$(stat -c %u out/root)" = "$(id -u)" ]
}

@test "--userns keep-id makes us ourselves in the container" {
  have bb
  mkdir out
  run -0 in_bb --userns keep-id -v ./out:/out 'id -u; touch /out/file'
  assert_output "$(id -u)"
  [ "$(stat -c %u out/file)" = "$(id -u)" ]
  run -0 in_bb --userns keep-id:uid=77,gid=88 'id -u; id -g'
  assert_output $'77\n88'
  run -125 in_bb --userns auto true
  assert_contains '--userns auto: host, keep-id[:uid=N,gid=N] or container:NAME belongs there'
}

@test "a bind mount shows and changes the host's files, and ro really is" {
  have bb
  mkdir dir
  echo host >dir/file
  in_bb -v "$PWD/dir:/dir" 'cat /dir/file; echo inside >/dir/new'
  [ "$(cat dir/new)" = inside ]
  run -0 in_bb -v ./dir:/dir:ro 'echo x >/dir/file; rm /dir/file; mount -o remount,rw /dir; touch /dir/x; cat /dir/file'
  assert_contains host
  assert_contains 'Read-only file system'
  [ "$(ls dir)" = $'file\nnew' ]
}

@test "ro holds for what is mounted below the source, too" {
  have bb
  run -1 in_bb -v /dev:/host:ro 'touch /host/shm/made-by-a-test'
  assert_contains 'Read-only file system'
}

@test "a single file can be mounted, and a source is made up only if asked for" {
  have bb
  echo content >file
  run -0 in_bb -v ./file:/etc/file:ro 'cat /etc/file'
  assert_output content
  run -125 in_bb -v "$PWD/none:/x" true
  assert_contains "volume source '$PWD/none': No such file or directory"
  [ ! -e none ]
  in_bb -v ./made:/x:create 'touch /x/y'
  [ -e made/y ]
}

@test "mounts nest in the order of their depth, whatever the order they are named in" {
  have bb
  mkdir -p outer/inner other
  touch outer/o other/i
  run -0 in_bb -v ./other:/a/inner -v ./outer:/a 'find /a | sort'
  assert_output $'/a\n/a/inner\n/a/inner/i\n/a/o'
}

@test "a link in the image does not lead a mount out of the container" {
  have bb
  mkdir -p src root/bin
  cp "$(command -v busybox)" root/bin/sh
  ln -s "$PWD" root/out
  run sbx run --rm --rootfs -v ./src:/out/src:ro root sh -c true
  [ -z "$(ls src)" ]
  run grep -q "$PWD/src " /proc/self/mounts
  [ "$status" -ne 0 ]
}

@test "a named volume keeps what is written, and is seeded from the image once" {
  have app
  local app=(sbx run --rm -u root --entrypoint sh -v named:/data localhost/app -c)
  run -0 "${app[@]}" 'cat /data/seed; echo new >/data/new; rm /data/seed'
  assert_output seed
  run -0 "${app[@]}" 'ls /data'
  assert_output new
}

@test "volumes can be had without a copy of the image's files, or read-only" {
  have app
  run -0 sbx run --rm -u root --entrypoint ls -v bare:/data:nocopy localhost/app /data
  assert_output ''
  run -1 sbx run --rm -u root --entrypoint touch -v bare:/data:ro localhost/app /data/x
  assert_contains 'Read-only file system'
}

@test "an unnamed volume goes with its container, a named one stays" {
  have bb
  in_bb -v /anonymous -v named:/named 'touch /anonymous/x /named/x'
  [ "$(ls "$XDG_DATA_HOME/sbx/volumes")" = named ]
}

@test "--mount has the kinds bind, volume, tmpfs and image" {
  have bb app
  mkdir -p dir/sub
  echo file >dir/sub/file
  run -1 in_bb --mount type=bind,src=./dir,dst=/d,ro 'cat /d/sub/file; touch /d/x'
  assert_contains file
  run -0 in_bb --mount type=volume,src=v,dst=/d 'touch /d/kept'
  run -0 in_bb --mount src=v,dst=/d 'ls /d'
  assert_output kept
  run -0 in_bb --mount type=tmpfs,dst=/d,tmpfs-size=1m,tmpfs-mode=700 'stat -c %a /d; df -k /d | tail -n 1'
  assert_contains 700
  assert_contains 1024
  run -1 in_bb --mount type=image,src=localhost/app,dst=/d 'cat /d/srv/replaced; touch /d/x'
  assert_contains second
  assert_contains 'Read-only file system'
}

@test "a volume's subpath is resolved inside it" {
  have bb
  in_bb -v v:/v 'mkdir /v/sub; touch /v/sub/file; ln -s / /v/out'
  run -0 in_bb --mount type=volume,src=v,dst=/d,subpath=sub 'ls /d'
  assert_output file
  run -0 in_bb --mount type=volume,src=v,dst=/d,subpath=out 'ls /d'
  assert_output $'out\nsub'
  run -125 in_bb --mount type=volume,src=v,dst=/d,subpath=none true
}

@test "a mount that says too little, too much or the unknown is refused" {
  have bb
  refused_mount() {
    run -125 in_bb --mount "$1" true
    assert_contains "$2"
  }
  refused_mount type=disk,dst=/d "type 'disk' is none of bind, volume, tmpfs, image, devpts"
  refused_mount type=bind,dst=/d 'it names no source'
  refused_mount type=bind,src=/tmp 'it names no path in the container'
  refused_mount type=bind,src=/tmp,dst=d "'d' is not an absolute path"
  refused_mount type=bind,src=/tmp,dst=/d,colour=red "unknown key 'colour'"
  refused_mount type=tmpfs,dst=/d,tmpfs-mode=rwx "'rwx' is not a mode"
  refused_mount type=image,src=localhost/bb,dst=/d,subpath=bin 'an image is mounted whole and read-only'
  refused_mount type=image,src=localhost/bb,dst=/d,rw 'an image is mounted whole and read-only'
  run -125 in_bb -v /tmp:/d -v /etc:/d true
  assert_contains "two mounts are asked for on '/d'"
  run -125 in_bb -v /tmp:/d:ro,rw true
  assert_contains "'ro' and 'rw' contradict each other"
}

@test "--tmpfs is empty, of the size asked for, and without set-user-ids" {
  have app
  run -0 sbx run --rm -u root --tmpfs /srv/kept:size=1m,mode=711 --entrypoint sh localhost/app -c \
    'grep " /srv/kept " /proc/mounts; stat -c %a /srv/kept; ls /srv/kept'
  assert_contains nosuid,nodev
  assert_contains size=1024k
  assert_contains 711
  run -125 sbx run --rm --tmpfs /x:size=big localhost/app
  assert_contains "'big' is not a size"
}

@test "--read-only leaves only the temporary folders to write to" {
  have bb
  run -0 in_bb --read-only 'touch /x || touch /tmp/x /run/x /var/tmp/x /dev/shm/x'
  assert_contains "/x: Read-only file system"
  run -1 in_bb --read-only --read-only-tmpfs=false 'touch /tmp/x'
  run -0 in_bb --read-only -v v:/data 'touch /data/x'
}

@test "--device brings a device of the host, and nothing else" {
  have bb
  run -0 in_bb --device /dev/null:/dev/mine 'echo x >/dev/mine; cat /dev/mine; test -c /dev/mine'
  assert_output ''
  run -125 in_bb --device /etc/passwd:/dev/x true
  assert_contains "'/etc/passwd' is not a device"
  run -0 in_bb --device /dev/zero:/dev/mine:r true
  assert_contains "warning: device '/dev/zero': the permissions are those of the file"
}

@test "the usual devices are there, and no others" {
  have bb
  run -0 in_bb 'ls /dev | tr "\n" " "'
  assert_output 'core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero '
}

@test "--shm-size is the size of /dev/shm" {
  have bb
  run -0 in_bb --shm-size 2m 'df -k /dev/shm | tail -n 1'
  assert_contains 2048
}

@test "capabilities are few, and are added and dropped by name" {
  have bb
  effective() { in_bb "$@" 'grep CapEff /proc/self/status | cut -f2'; }
  [ "$(effective)" = 00000000800405fb ]
  [ "$(effective --cap-drop ALL)" = 0000000000000000 ]
  [ "$(effective --cap-drop ALL --cap-add CAP_CHOWN --cap-add kill)" = 0000000000000021 ]
  [ "$(effective --cap-drop SETFCAP)" = 00000000000405fb ]
  [ "$(effective -u nina)" = 0000000000000000 ]
  [ "$(effective -u nina --cap-add CHOWN)" = 0000000000000001 ]
  run -125 effective --cap-add ALL --cap-drop ALL
  assert_contains 'contradict each other'
}

@test "--security-opt no-new-privileges, seccomp and masks hold" {
  have bb
  status_line() { in_bb "${@:2}" "grep $1: /proc/self/status | cut -f2"; }
  [ "$(status_line NoNewPrivs)" = 0 ]
  [ "$(status_line NoNewPrivs --security-opt no-new-privileges)" = 1 ]
  [ "$(status_line Seccomp)" = 2 ]
  [ "$(status_line Seccomp --security-opt seccomp=unconfined)" = 0 ]
  [ "$(status_line Seccomp --privileged)" = 0 ]
  run -0 in_bb -u nina --security-opt mask=/etc/passwd 'id -u; wc -c </etc/passwd'
  assert_output '1000
0'
  run -0 in_bb --security-opt mask=/etc/inputrc:/home 'ls /home'
  assert_output ''
  run -0 in_bb 'wc -c </proc/interrupts'
  assert_output 0
  run -0 in_bb --security-opt unmask=/proc/interrupts 'wc -c </proc/interrupts'
  [ "$output" -gt 0 ]
}

@test "a seccomp profile of one's own is what holds" {
  have bb
  printf '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":38}]}' >profile
  run -1 in_bb --security-opt seccomp=profile 'mkdir /x'
  assert_contains 'Function not implemented'
  echo '{"defaultAction":"SCMP_ACT_MAYBE"}' >profile
  run -125 in_bb --security-opt seccomp=profile true
  assert_contains "seccomp profile: unknown action 'SCMP_ACT_MAYBE'"
}

@test "a security option that cannot be had is refused, not passed over" {
  have bb
  run -125 in_bb --security-opt apparmor=mine true
  assert_contains "an unprivileged user cannot choose the container's AppArmor confinement"
  run -125 in_bb --security-opt bogus true
  assert_contains '--security-opt bogus: unknown option'
}

@test "--privileged has every capability of its own namespaces" {
  have bb
  run -0 in_bb --privileged 'mkdir /m; mount -t tmpfs none /m && echo mounted'
  assert_output mounted
}

@test "--ulimit sets limits, and says what is wrong with one" {
  have bb
  run -0 in_bb --ulimit nofile=100:200 --ulimit core=0 'ulimit -n; ulimit -Hn; ulimit -c'
  assert_output $'100\n200\n0'
  run -125 in_bb --ulimit nofile=200:100 true
  assert_contains 'the soft limit is above the hard one'
  run -125 in_bb --ulimit nofiles=1 true
  assert_contains "'nofiles'"
  run -125 in_bb --ulimit nofile=1:99999999999 true
}

@test "--sysctl sets what belongs to the container's namespaces" {
  have bb
  run -0 in_bb --sysctl net.ipv4.ip_forward=1 --sysctl kernel.msgmax=4096 \
    'cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax'
  assert_output $'1\n4096'
  run -125 in_bb --sysctl vm.swappiness=1 true
  assert_contains "sysctl 'vm.swappiness' is not one of a namespace's own"
  run -125 in_bb --sysctl net.no.such=1 true
  assert_contains "setting sysctl 'net.no.such' to '1'"
  run -125 in_bb --network host --sysctl net.ipv4.ip_forward=1 true
  assert_contains 'net.ipv4.ip_forward'
}

@test "--umask and --oom-score-adj are the program's" {
  have bb
  run -0 in_bb --umask 027 --oom-score-adj 500 'umask; cat /proc/self/oom_score_adj'
  assert_output $'0027\n500'
  run -125 in_bb --umask 888 true
  run -125 in_bb --oom-score-adj 5000 true
  assert_contains "--oom-score-adj: '5000' is not a number from -1000 to 1000"
}

@test "-w is the working folder, made where it is missing" {
  have bb
  run -0 in_bb -w /new/folder pwd
  assert_output /new/folder
  run -125 in_bb -w /etc/passwd true
  assert_contains '/etc/passwd'
}

@test "--init is process 1, passes signals on and reaps orphans" {
  have bb
  run -0 in_bb --init 'echo $$; tr "\0" " " </proc/1/cmdline'
  assert_contains sbx-init
  [ "${lines[0]}" != 1 ]
  run -0 in_bb --init '(sleep 0.1 &); sleep 0.5; grep -c . /proc/[0-9]*/status | wc -l; grep -l "State:.Z" /proc/[0-9]*/status || echo none'
  assert_contains none
}

@test "--preserve-fds hands on descriptors, and no other is open" {
  have bb
  echo secret >file
  run -0 in_bb --preserve-fds 2 'cat <&4' 3</dev/null 4<file
  assert_output secret
  run -0 in_bb 'ls /proc/self/fd | wc -l' 7<file
  assert_output 4
  run -125 in_bb --preserve-fds 9 true
  assert_contains '--preserve-fds 9: descriptor '
}

@test "the host name is the id, or what -h says, and stands in /etc/hosts" {
  have bb
  run -0 in_bb -h box.example 'hostname; cat /etc/hostname; grep -c box.example /etc/hosts'
  assert_output $'box.example\nbox.example\n1'
  run -0 in_bb 'hostname'
  [[ $output =~ ^[0-9a-f]{12}$ ]]
}

@test "--add-host and --no-hosts decide about /etc/hosts" {
  have bb
  run -0 in_bb --add-host 'db;cache:10.0.0.1' --add-host six:::1 'cat /etc/hosts'
  assert_contains $'10.0.0.1\tdb cache'
  assert_contains $'::1\tsix'
  run -1 in_bb --no-hosts 'cat /etc/hosts'
  run -125 in_bb --add-host db true
  assert_contains '--add-host db: NAME:ADDRESS belongs there'
}

@test "--dns and its like are lines of resolv.conf" {
  have bb
  run -0 in_bb --dns 192.0.2.1 --dns-search example.org --dns-option ndots:2 'cat /etc/resolv.conf'
  assert_output $'nameserver 192.0.2.1\noptions ndots:2\nsearch example.org'
  run -1 in_bb --dns none 'cat /etc/resolv.conf'
  run -125 in_bb --dns resolver.example true
  assert_contains '--dns resolver.example: an address belongs there'
}

@test "a container's network is its own, with a way out or loopback alone, unless it is the host's" {
  have bb
  run -0 in_bb 'tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d " "'
  assert_output $'lo\ntap0'
  run -0 in_bb --network none 'tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d " "'
  assert_output lo
  run -1 in_bb 'wget -q -O - http://127.0.0.1:9'
  assert_contains 'Connection refused'
  run -0 in_bb --network host 'cat /proc/net/dev | wc -l'
  assert_output "$(wc -l </proc/net/dev)"
  run -125 in_bb --network mine true
  assert_contains "--network mine: there is no network 'mine'"
  assert_contains 'hint: `sbx network create mine` makes it'
}

@test "--network host comes with the name of the host, unless told" {
  have bb
  local name
  name=$(uname -n)
  run -0 in_bb --network host 'hostname; cat /etc/hostname; echo $HOSTNAME; grep -cw "$(hostname)" /etc/hosts'
  assert_output "$name"$'\n'"$name"$'\n'"$name"$'\n1'
  run -0 in_bb --network host --hostname other hostname
  assert_output other
  run -0 in_bb --network host --uts private hostname
  [ "$output" != "$name" ]
  run -0 in_bb --uts host 'cat /etc/hostname'
  assert_output "$name"
}

@test "--network host reaches what listens on the host" {
  have bb
  run -0 in_bb --network host "wget -q -O - http://$SBX_REGISTRY/v2/"
  assert_output '{}'
  run -1 in_bb "wget -q -O - http://$SBX_REGISTRY/v2/"
}

@test "--pid, --ipc and --uts are the host's if that is asked for" {
  have bb
  run -0 in_bb --pid host "test -d /proc/$$ && echo seen"
  assert_output seen
  run -1 in_bb "test -d /proc/$$"
  run -0 in_bb --uts host hostname
  assert_output "$(hostname)"
  for kind in pid ipc uts; do
    run -125 in_bb --$kind bogus true
    assert_contains "--$kind bogus: private, host, container:NAME or ns:PATH belongs there"
  done
  run -125 in_bb --cgroupns bogus true
  assert_contains '--cgroupns bogus: private or host belongs there'
}

@test "labels and annotations come from words and files" {
  have bb
  printf '# comment\nkind=file\nfrom=file\n' >labels
  sbx create --name box --label-file labels -l kind=word --annotation org.example.note=x localhost/bb
  run -0 sbx inspect --format '{{json .Config.Labels}}' box
  assert_output '{"from":"file","kind":"word"}'
  run -125 sbx create --label-file /no/labels localhost/bb
  assert_contains "open '/no/labels': No such file or directory"
}

@test "a program that --init cannot run has its status, also where standard error is full" {
  have bb
  run -127 bash -c '"$SBX_PROGRAM" run --rm --init localhost/bb /nosuch 2>/dev/full'
}

@test "--volumes-from mounts what another container has, where it has it" {
  have bb
  mkdir src
  echo host >src/file
  sbx create --name box -v data:/data -v /unnamed -v ./src:/src:ro --tmpfs /scratch localhost/bb true
  sbx run --rm --volumes-from box localhost/bb sh -c 'echo kept >/data/file; echo too >/unnamed/file'
  run -0 sbx run --rm --volumes-from box:ro localhost/bb sh -c 'cat /data/file /unnamed/file /src/file; test ! -e /scratch'
  assert_output $'kept\ntoo\nhost'
  run -1 sbx run --rm --volumes-from box:ro localhost/bb sh -c 'echo x >/data/file'
  run -1 sbx run --rm --volumes-from box localhost/bb sh -c 'echo x >/src/file'
  run -0 sbx run --rm --volumes-from box:rw,z -v other:/data localhost/bb ls -A /data
  assert_output ''
}

@test "an unnamed volume stays as long as one of its containers" {
  have bb
  sbx create --name box -v /unnamed localhost/bb true
  sbx create --name heir --volumes-from box localhost/bb ls /unnamed
  sbx rm box
  run -0 sbx volume ls -q
  [ ${#lines[@]} -eq 1 ]
  run -0 sbx start -a heir
  sbx rm heir
  run -0 sbx volume ls -q
  assert_output ''
}

@test "--volumes-from of what is not there, or with other words, is an error" {
  have bb
  run -125 sbx run --rm --volumes-from none localhost/bb
  assert_contains "--volumes-from none: there is no container 'none'"
  sbx create --name box localhost/bb true
  run -125 sbx run --rm --volumes-from box:noexec localhost/bb
  assert_contains "unknown option 'noexec'"
  run -125 sbx run --rm --volumes-from :ro localhost/bb
  assert_contains 'it names no container'
}

@test "--network container: joins the network of another container" {
  have bb
  sbx run -d --name box --hostname its-name localhost/bb sleep 1000 3>&-
  run -0 sbx run --rm --network container:box localhost/bb sh -c 'readlink /proc/self/ns/net; hostname'
  assert_output "$(sbx exec box readlink /proc/self/ns/net)"$'\nits-name'
  sbx create --name other --network container:box localhost/bb hostname
  run -0 sbx inspect -f '{{.HostConfig.NetworkMode}}' other
  assert_output "container:$(sbx inspect -f '{{.Id}}' box)"
  sbx stop -t 0 box
  run -125 sbx start -a other
  assert_contains "container 'box' does not run, whose network namespace is to be joined"
  sbx start box 3>&-
  run -0 sbx start -a other 3>&-
  assert_output its-name
  sbx rm -fa
}

@test "--ipc, --pid, --uts and --userns container: join these" {
  have bb
  sbx run -d --name box --userns keep-id localhost/bb sleep 4321 3>&-
  for pair in ipc:ipc pid:pid uts:uts userns:user; do
    run -0 sbx run --rm "--${pair%:*}" container:box localhost/bb readlink "/proc/self/ns/${pair#*:}"
    assert_output "$(sbx exec box readlink "/proc/self/ns/${pair#*:}")"
  done
  run -0 sbx run --rm --pid container:box localhost/bb ps
  assert_contains 'sleep 4321'
  run -0 sbx run --rm --ipc container:box localhost/bb id -u
  assert_output "$(id -u)"
  sbx rm -f box
}

@test "namespaces that cannot be joined are refused" {
  have bb
  run -125 sbx run --rm --network container:nosuch localhost/bb true
  assert_contains "--network container:nosuch: there is no container 'nosuch'"
  run -125 sbx run --rm --network ns:/proc/1/ns/net localhost/bb true
  assert_contains "the network namespace '/proc/1/ns/net'"
  run -125 sbx run --rm --pid ns:/nosuch localhost/bb true
  assert_contains "/nosuch"
  run -125 sbx run --rm --ipc ns:/proc/self/ns/net localhost/bb true
  assert_contains "/proc/self/ns/net"
  run -0 sbx ps -aq
  assert_output ''
}
