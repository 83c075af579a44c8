# Containers that share namespaces: what one of them may do to the others, and to who starts them.
load hostile

@test "a container of a pod has its own rights over what is shared, and no more" {
  have bb
  sbx pod create --name p
  sbx run -d --pod p --name other localhost/bb sh -c 'echo secret >/tmp/s; exec sleep 1000' 3>&-
  run sbx run --rm --pod p localhost/bb sh -c '
    hostname mine; ip link set lo down; ip addr add 10.9.9.9/24 dev lo; mount -t tmpfs none /mnt
    cat /tmp/s; ps | grep -c sleep; kill -9 -1; grep -e ^CapEff -e ^Seccomp: /proc/self/status'
  refute_contains secret
  assert_contains $'CapEff:\t00000000800405fb'
  assert_contains $'Seccomp:\t2'
  run -0 sbx exec other hostname
  assert_output p
  run -0 sbx exec other ip addr show lo
  assert_contains 127.0.0.1
  refute_contains 10.9.9.9
  run -0 sbx pod ps --format '{{.Status}}'
  assert_output Running
  sbx pod rm -f p
}

@test "a container that shares pid reaches the files of the others" {
  have bb
  sbx pod create --name p --share +pid
  sbx run -d --pod p --name other localhost/bb sh -c 'echo secret >/tmp/s; exec sleep 1000' 3>&-
  eventually "$SBX_PROGRAM" exec other cat /tmp/s
  run sbx run --rm --pod p localhost/bb sh -c 'cat /proc/[0-9]*/root/tmp/s'
  assert_contains secret
  sbx pod rm -f p
}

@test "a container sees nothing of the host in one that starts beside it" {
  have bb
  echo secret >canary
  mkdir out
  export MARK=marked-by-the-host
  sbx pod create --name p --share +pid
  sbx run -d --pod p --name spy -v ./out:/out -e "CANARY=$PWD/canary" localhost/bb sh -c '
    while :; do
      for p in /proc/[0-9]*; do
        cat $p/root/$CANARY $p/cwd/canary $p/environ
        cat $p/cmdline >>/out/words
      done >>/out/seen 2>/dev/null
    done' 3>&-
  for _ in {1..20}; do sbx run --rm --pod p localhost/bb true; done
  sbx pod rm -f p
  run -0 tr '\0' ' ' <out/words
  assert_contains ' run --rm --pod p' # it has seen sbx itself, on its way into the container
  run -0 tr '\0' '\n' <out/seen
  refute_contains secret
  refute_contains marked-by-the-host
}

@test "the infra of a pod has nothing, and nobody can get more by it" {
  have bb
  sbx pod create --name p --share +pid
  run -0 sbx run --rm --pod p localhost/bb sh -c '
    tr "\0" " " </proc/1/cmdline; echo; grep -e ^CapBnd -e ^NoNew -e ^Seccomp: /proc/1/status
    ls -A /proc/1/root/; dd if=/dev/zero of=/proc/1/exe bs=1 count=1 2>&1; tr "\0" "\n" </proc/1/environ'
  assert_contains sbx-init
  assert_contains $'CapBnd:\t0000000000000000'
  assert_contains $'NoNewPrivs:\t1'
  assert_contains $'Seccomp:\t2'
  refute_contains "$HOME"
  run -127 sbx exec "$(sbx pod inspect -f '{{.InfraContainerID}}' p)" sh
  run -0 sbx pod ps --format '{{.Status}}'
  sbx pod rm -f p
}
