load ../support/sbx

@test "diff lists what was added, changed and deleted, and nothing that sbx made for itself" {
  have bb
  sbx run --name box -v /srv/data localhost/bb sh -c 'mkdir -p /new/sub; echo 12345 >/new/sub/file
    echo x >>/etc/passwd; rm /etc/group; rm -r /home; chmod 700 /root; touch /srv/data/in-volume'
  run -0 sbx diff box
  assert_output 'C /etc
D /etc/group
C /etc/passwd
D /home
A /new
A /new/sub
A /new/sub/file
C /root'
  run -0 sbx container diff --size box
  assert_contains 'A /new/sub/file 6 B'
  run -0 bash -c '"$SBX_PROGRAM" diff --format json --size box |
    python3 -c "import json, sys; d = json.load(sys.stdin); print(d[\"changed\"], d[\"deleted\"], d[\"sizes\"][\"/new/sub/file\"])"'
  assert_output "['/etc', '/etc/passwd', '/root'] ['/etc/group', '/home'] 6"
}

@test "diff of a container that did nothing, or never ran, is empty" {
  have bb
  sbx run --name box localhost/bb true
  run -0 sbx diff box
  assert_output ''
  run -0 sbx diff --format json box
  assert_output '{"changed":[],"added":[],"deleted":[]}'
  sbx create --name new -v /a/b/c localhost/bb true
  run -0 sbx diff new
  assert_output ''
}

@test "diff tells what a folder that came in another's place has not" {
  have app
  sbx run --name box -u 0 --entrypoint sh localhost/app -c 'rm -r /srv; mkdir -p /srv/old; touch /srv/replaced
    rm /etc/passwd; mkdir /etc/passwd; touch /etc/passwd/x'
  run -0 sbx diff box
  assert_contains 'C /etc/passwd'
  assert_contains 'A /etc/passwd/x'
  assert_contains 'C /srv/replaced'
  assert_contains 'D /srv/kept'
  assert_contains 'D /srv/old/new'
  refute_contains 'D /srv/deleted'
  refute_contains '/srv/old/hidden'
}

@test "diff of a container that runs, with files of others, names of whiteouts and control characters" {
  have bb
  "$SBX_PROGRAM" run --name box localhost/bb sh -c 'mkdir -m 700 /closed; touch /closed/.wh.passwd
    chown -R nina /closed; touch "/tmp/$(printf "odd\033name")" /up; sleep 1000' 3>&- &
  local pid=$!
  eventually sbx exec box test -e /up
  run -0 sbx diff box
  assert_output 'A /closed
A /closed/.wh.passwd
C /tmp
A /tmp/odd\x1bname
A /up'
  sbx rm -f box
  assert_ends_with 137 $pid
}

@test "diff says where there is nothing to compare" {
  have bb
  run -125 sbx diff nosuch
  assert_contains "there is no container 'nosuch'"
  mkdir -p root/bin
  cp "$(command -v busybox)" root/bin/sh
  sbx create --name box --rootfs root /bin/sh
  run -125 sbx diff box
  assert_contains 'its root is a folder here, not an image'
  run -125 sbx diff --format yaml box
}
