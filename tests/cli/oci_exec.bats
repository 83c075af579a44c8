load ../support/oci

box() {
  bundle b sleep 60
  edit b '.process.env += ["FROM=spec"]'
  oci run -d -b b box </dev/null >/dev/null 2>&1
}

@test "exec runs a program in the container, and returns its status" {
  box
  run -4 oci exec box sh -c 'echo $FROM; cat /proc/1/cmdline | tr "\0" " "; exit 4'
  assert_output $'spec\nsleep 60 '
}

@test "exec changes what its options say" {
  box
  run -0 oci exec --cwd /tmp -e A=b -e 'C=d e' box sh -c 'pwd; echo $A; echo $C'
  assert_output $'/tmp\nb\nd e'
  run -0 oci exec --no-new-privs box sh -c 'grep NoNewPrivs /proc/self/status | tr -d "\t"'
  assert_output NoNewPrivs:1
}

@test "exec runs on the processors that the process of the bundle, or its own, names" {
  bundle b sleep 60
  local all last
  all=$(sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status)
  last=${all##*[,-]}
  edit b '.process.execCPUAffinity = {initial: $ARGS.positional[0], final: $ARGS.positional[0]}' "$last"
  oci run -d -b b box </dev/null >/dev/null 2>&1
  run -0 oci exec box grep Cpus_allowed_list /proc/self/status /proc/1/status
  assert_output "/proc/self/status:Cpus_allowed_list:	$last
/proc/1/status:Cpus_allowed_list:	$all"
  jq '.process | .args = ["true"] | .execCPUAffinity.initial = "8191"' b/config.json >process
  run -255 oci exec -p process box
  assert_contains 'the first processors: choose processors: Invalid argument'
}

@test "exec takes exact numbers for users, and nothing else" {
  box
  local user
  for user in 1: :1 0x1 +1 ' 1' 1.0 4294967295 -1 name name:grp; do
    run -255 oci exec "--user=$user" box id
    assert_contains '--user'
  done
  run -0 oci exec -u 0:0 box id -u
  assert_output 0
}

@test "exec reads a whole process" {
  box
  jq -n '{args:["sh","-c","echo $X; pwd"], env:["X=y","PATH=/bin"], cwd:"/etc", user:{uid:0,gid:0}}' >process.json
  run -0 oci exec --process process.json box
  assert_output $'y\n/etc'
  local option
  for option in --no-new-privs --user=1 --cwd=/ --env=A=b --cap=CAP_CHOWN --apparmor=x; do
    run -255 oci exec --process process.json "$option" box
    assert_contains 'process.json says all of the process'
  done
  run -255 oci exec --process process.json box true
  assert_contains 'process.json says all of the process'
  echo '{"args":1}' >process.json
  run -255 oci exec --process process.json box
  assert_contains process.json
}

@test "exec adds groups to those that the container's process has" {
  bundle b sleep 60
  edit b '.process.user.additionalGids = [5] | del(.linux.uidMappings, .linux.gidMappings)'
  oci run -d -b b box </dev/null >/dev/null 2>&1
  run -0 oci exec -g 7 box id -G
  assert_output '0 5 7'
}

@test "groups that cannot be had are told of" {
  bundle b sleep 60
  edit b '.process.user.additionalGids = [5]'
  oci run -d -b b box </dev/null >/dev/null 2>out
  grep -q 'the further groups are not had' out
  run -0 oci exec -g 7 box id -G
  assert_contains 'the further groups are not had'
}

@test "exec makes no working directory" {
  box
  run -255 oci exec --cwd /nosuch box true
  assert_contains "open '/nosuch': No such file or directory"
}

@test "exec gives what a whole process does not speak of as the container has it" {
  box
  jq -n '{args:["grep","CapEff","/proc/self/status"], env:["PATH=/bin"], cwd:"/", user:{uid:0,gid:0}}' >process.json
  ln -sf busybox b/rootfs/bin/grep
  run -0 oci exec --process process.json box
  local given=$output
  run -0 oci exec box grep CapEff /proc/self/status
  assert_output "$given"
  [[ $output != *0000000000000000 ]]
  run -0 oci exec -e FROM=option box sh -c 'echo $FROM'
  assert_output option
}

@test "exec --detach leaves the program running, and writes down its number" {
  box
  oci exec -d --pid-file pid box sleep 50 </dev/null >/dev/null 2>&1
  [ "$(tr '\0' ' ' </proc/"$(cat pid)"/cmdline)" = 'sleep 50 ' ]
  run -0 oci ps -f json box
  assert_contains "$(cat pid)"
}

@test "exec gives a terminal" {
  box
  run -0 on_terminal expect:/dev/pts/ -- "$SBX_PROGRAM" oci exec -t box tty
}

@test "exec fails with 255" {
  run -255 oci exec nosuch true
  assert_contains 'does not exist'
  box
  run -255 oci exec box nosuch
  assert_contains 'executable file not found in $PATH'
  run -255 oci exec box
  assert_contains 'COMMAND is missing'
  run -255 oci exec --cap CAP_NOSUCH box true
  oci kill box KILL
  eventually status_is box stopped
  run -255 oci exec box true
  assert_contains 'cannot exec in a stopped container'
}
