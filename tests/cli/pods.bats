# What the containers of a pod have together.
load ../support/sbx

inside() { sbx exec "$1" readlink "/proc/self/ns/$2"; }

@test "containers of a pod share network, name and ipc, and have the rest for themselves" {
  have bb
  sbx pod create --name p
  sbx run -d --pod p --name one localhost/bb sleep 1000 3>&-
  sbx run -d --pod p --name two localhost/bb sleep 1000 3>&-
  for kind in net uts ipc user; do
    [ "$(inside one $kind)" = "$(inside two $kind)" ]
  done
  for kind in mnt pid; do
    [ "$(inside one $kind)" != "$(inside two $kind)" ]
  done
  run -0 sbx exec two hostname
  assert_output p
  sbx exec one sh -c 'echo shared >/dev/shm/file'
  run -0 sbx exec two cat /dev/shm/file
  assert_output shared
  run -0 sbx inspect -f '{{.HostConfig.NetworkMode}} {{.Pod}}' one
  assert_output "container:$(sbx pod inspect -f '{{.InfraContainerID}} {{.Id}}' p)"
  sbx pod rm -f p
}

@test "containers of a pod reach each other by localhost" {
  have bb
  sbx pod create --name p
  sbx run -d --pod p localhost/bb sh -c 'mkdir /www; echo page >/www/index.html; exec httpd -f -p 8000 -h /www' 3>&-
  eventually "$SBX_PROGRAM" run --rm --pod p localhost/bb wget -qO- http://127.0.0.1:8000/
  run -0 sbx run --rm --pod p localhost/bb wget -qO- http://localhost:8000/
  assert_output page
  sbx pod rm -f p
}

@test "ports of a pod are published as long as its infra runs" {
  have bb
  sbx pod create --name p -p 0:8000
  sbx run -d --pod p --name web localhost/bb sh -c 'mkdir /www; echo page >/www/index.html; exec httpd -f -p 8000 -h /www' 3>&-
  local infra port
  infra=$(sbx pod inspect -f '{{.InfraContainerID}}' p)
  port=$(sbx port "$infra" 8000)
  eventually wget -qO page "http://$port/"
  [ "$(cat page)" = page ]
  sbx pod stop -t 0 p
  run ! wget -t 1 -T 5 -qO page "http://$port/"
  sbx pod rm p
}

@test "a container is added to a pod that runs, and its options may not contradict that" {
  have bb
  sbx pod create --name p
  run -125 sbx run --rm --pod p -p 80:80 localhost/bb true
  assert_contains '--publish and --pod p exclude each other'
  run -125 sbx run --rm --pod p --network none localhost/bb true
  assert_contains '--network none and --pod exclude each other'
  run -125 sbx run --rm --pod p --hostname h localhost/bb true
  assert_contains '--hostname'
  run -125 sbx run --rm --pod p --userns keep-id localhost/bb true
  assert_contains '--userns keep-id'
  run -125 sbx run --rm --pod nosuch localhost/bb true
  assert_contains "there is no pod 'nosuch'"
  run -125 sbx run --rm --pod p --pod-id-file f localhost/bb true
  assert_contains '--pod and --pod-id-file exclude each other'
  run -0 sbx pod ps --format '{{.Status}} {{.NumberOfContainers}}'
  assert_output 'Created 1'
  sbx pod rm p
}

@test "--pod new: makes a pod, which has the ports" {
  have bb
  run -0 sbx run --rm --pod new:fresh -p 0:80 localhost/bb hostname
  assert_output fresh
  run -0 sbx pod inspect -f '{{len .InfraConfig.PortBindings}}' fresh
  assert_output 1
  run -125 sbx run --rm --pod new:fresh localhost/bb true
  assert_contains "the pod name 'fresh' is taken"
  run -125 sbx run --rm --explain --pod new:other localhost/bb true
  assert_contains 'with --explain nothing is made'
  run -125 sbx run --rm --restart always --pod new:gone localhost/bb true
  run -1 sbx pod exists gone
  run -125 sbx run --rm --network none --pod new:gone localhost/bb true
  assert_contains '--network none and --pod exclude each other'
  run -1 sbx pod exists gone
  sbx pod inspect -f '{{.Id}}' fresh >id
  run -0 sbx run --rm --pod-id-file id localhost/bb hostname
  assert_output fresh
  sbx pod rm -f fresh
}

@test "with --share +pid its containers see each other's processes" {
  have bb
  sbx pod create --name p --share +pid
  sbx run -d --pod p --name one localhost/bb sleep 4321 3>&-
  run -0 sbx run --rm --pod p localhost/bb ps
  assert_contains 'sleep 4321'
  assert_contains sbx-init
  sbx pod rm -f p
}

@test "with --userns keep-id all of its containers have these ids" {
  have bb
  sbx pod create --name p --userns keep-id
  run -0 sbx run --rm --pod p localhost/bb id -u
  assert_output "$(id -u)"
  run -0 sbx run --rm --pod p -u 0 localhost/bb id -u
  assert_output 0
  sbx pod rm -f p
}

@test "a pod may have the network of the host" {
  have bb
  sbx pod create --name p --network host
  run -0 sbx run --rm --pod p localhost/bb readlink /proc/self/ns/net
  assert_output "$(readlink /proc/self/ns/net)"
  run -0 sbx run --rm --pod p localhost/bb hostname
  assert_output p
  sbx pod rm -f p
}

@test "a clone is in the pod of the other, and an infra has none" {
  have bb
  sbx pod create --name p --infra-name holder
  sbx create --pod p --name one localhost/bb hostname
  run -0 sbx container clone one two
  run -0 sbx start -a two 3>&-
  assert_output p
  run -0 sbx ps -a --filter pod=p --filter name=two --format '{{.PodName}}'
  assert_output p
  run -125 sbx container clone holder
  assert_contains 'it is the infra of a pod'
  sbx pod rm -f p
}

@test "with exit policy stop the infra ends with the last other one" {
  have bb
  sbx pod create --name p --exit-policy stop
  sbx run -d --pod p --name one localhost/bb sleep 1000 3>&-
  sbx run --rm --pod p localhost/bb true
  run -0 sbx pod inspect -f '{{.State}}' p
  assert_output Running
  sbx stop -t 0 one
  eventually bash -c '[ "$("$SBX_PROGRAM" pod inspect -f "{{.State}}" p)" = Exited ]'
  sbx pod rm p
}

@test "a killed infra leaves a degraded pod, and starting mends it" {
  have bb
  sbx pod create --name p
  sbx run -d --pod p --name one localhost/bb sleep 1000 3>&-
  sbx kill "$(sbx pod inspect -f '{{.InfraContainerID}}' p)"
  run -0 sbx pod ps --format '{{.Status}}'
  assert_output Degraded
  run -0 sbx inspect -f '{{.State.Status}}' one
  assert_output running
  sbx pod restart -t 0 p 3>&-
  run -0 sbx pod ps --format '{{.Status}}'
  assert_output Running
  run -0 sbx exec one hostname
  assert_output p
  sbx pod rm -f p
}

@test "the infra goes with its pod, and not alone" {
  have bb
  sbx pod create --name p --infra-name holder
  run -125 sbx rm -f holder
  assert_contains "container 'holder' is the infra of pod 'p'"
  sbx create --pod p --name one localhost/bb true
  sbx rm -fa
  run -1 sbx container exists one
  run -0 sbx container exists holder
  run -0 sbx container prune -f
  assert_output '0 B freed'
  run -0 sbx pod rm p
  run -1 sbx container exists holder
}

@test "ps knows pods" {
  have bb
  sbx pod create --name p
  sbx create --pod p --name member localhost/bb true
  sbx create --name alone localhost/bb true
  run -0 sbx ps -a --pod --format '{{.Names}} {{.PodName}}' --filter name=member
  assert_output 'member p'
  run -0 sbx ps -a --filter pod=p --format '{{.Names}}'
  assert_contains member
  assert_contains -infra
  refute_contains alone
  run -125 sbx ps -a --filter pod=nosuch
  assert_contains "--filter pod=nosuch: there is no pod 'nosuch'"
  run -0 sbx ps -a --pod
  assert_contains PODNAME
  sbx pod rm p
  sbx rm alone
}

@test "ports are published where ipc, pid or uts is another's, and the network is not" {
  have bb
  sbx run -d --name other localhost/bb sleep 1000 3>&-
  sbx run -d --name web --ipc container:other -p 0:8000 localhost/bb sh -c 'mkdir /www; echo page >/www/index.html; exec httpd -f -p 8000 -h /www' 3>&-
  eventually wget -qO page "http://$(sbx port web 8000)/"
  [ "$(cat page)" = page ]
  sbx rm -f web
  sbx pod create --name p --share ipc
  run -0 sbx run --rm --pod p -p 0:8000 localhost/bb true
  sbx pod rm -f p
  sbx rm -f other
}

@test "what a container leaves in the processes of others ends with it" {
  have bb
  sbx pod create --name p --share +pid
  sbx run -d --pod p --name one localhost/bb sleep 4321 3>&-
  sbx run --pod p --name two localhost/bb sh -c 'setsid sleep 8765 </dev/null >/dev/null 2>&1 & sleep 0.1'
  run -0 sbx exec one ps
  assert_contains 'sleep 4321'
  refute_contains 'sleep 8765'
  sbx pod rm -f p
}
