load ../support/sbx

@test "pod create makes a pod with its infra, and prints its id" {
  run -0 sbx pod create --name web --label kind=test
  [[ $output =~ ^[0-9a-f]{64}$ ]]
  local id=$output
  run -0 sbx pod inspect -f '{{.Id}} {{.Name}} {{.State}} {{.Hostname}} {{.ExitPolicy}} {{index .Labels "kind"}}' web
  assert_output "$id web Created web continue test"
  run -0 sbx pod inspect -f '{{join .SharedNamespaces ","}}' web
  assert_output ipc,net,uts
  run -0 sbx ps -a --format '{{.Names}} {{.Status}} {{.PodName}}'
  assert_output "${id:0:12}-infra Created web"
  sbx pod rm web
}

@test "a name may stand behind the options, or is made up" {
  sbx pod create one
  run -0 sbx pod create
  run -0 sbx pod ps -q
  [ "${#lines[@]}" = 2 ]
  run -125 sbx pod create --name two three
  assert_contains 'exclude each other'
  sbx pod rm -a
}

@test "without an infra a pod is a group" {
  have bb
  # As podman-compose makes one.
  sbx pod create --name=pod_x --infra=false --share=
  run -0 sbx ps -aq
  assert_output ''
  run -0 sbx run --rm --pod pod_x --name alone localhost/bb hostname
  [[ $output =~ ^[0-9a-f]{12}$ ]]
  run -0 sbx pod inspect -f '{{.CreateInfra}} {{.NumContainers}} {{len .SharedNamespaces}}' pod_x
  assert_output 'false 0 0'
  sbx create --pod pod_x --name member localhost/bb true
  run -0 sbx pod inspect -f '{{.NumContainers}}' pod_x
  assert_output 1
  sbx pod rm pod_x
  run -1 sbx container exists member
}

@test "a volume of the pod is mounted in each of its containers" {
  have bb
  mkdir shared
  sbx pod create --name p -v "$PWD/shared:/data"
  sbx run --rm --pod p localhost/bb sh -c 'echo here >/data/file'
  run -0 sbx run --rm --pod p localhost/bb cat /data/file
  assert_output here
  sbx pod rm -f p
}

@test "--pod-id-file and --replace" {
  run -0 sbx pod create --name p --pod-id-file id
  run -0 sbx pod inspect -f '{{.Id}}' p
  assert_output "$(cat id)"
  run -125 sbx pod create --name q --pod-id-file id
  assert_contains '--pod-id-file id: the file is there already'
  run -125 sbx pod create --name p
  assert_contains "the pod name 'p' is taken"
  run -0 sbx pod create --name p --replace
  [ "$output" != "$(cat id)" ]
  run -0 sbx pod ps -q
  [ "${#lines[@]}" = 1 ]
  sbx pod rm p
}

@test "what cannot be is refused, and leaves nothing" {
  run -125 sbx pod create --name a/b
  assert_contains "'a/b' is not a name for a pod"
  run -125 sbx pod create --share net,all p
  assert_contains '--share net,all'
  run -125 sbx pod create --share ipc -p 8080:80 p
  assert_contains '--publish: the pod shares no network'
  run -125 sbx pod create --infra=false --hostname h p
  assert_contains '--hostname h: the pod shares no name'
  run -125 sbx pod create --exit-policy never p
  assert_contains '--exit-policy'
  run -125 sbx pod create --network nosuch p
  assert_contains '--network nosuch'
  run -125 sbx pod create -p nonsense p
  assert_contains '--publish'
  run -125 sbx pod create --cpus 1 p
  assert_contains '--cpus'
  run -125 sbx pod create --infra-name 'a b' p
  assert_contains "is not a name for a container"
  run -125 sbx pod create --replace
  assert_contains '--name says which pod goes'
  run -0 sbx pod ps -q
  assert_output ''
  run -0 sbx ps -aq
  assert_output ''
}

@test "an infra that cannot be made takes its pod with it" {
  have bb
  sbx create --name taken localhost/bb true
  run -125 sbx pod create --infra-name taken p
  assert_contains "the container name 'taken' is taken"
  run -1 sbx pod exists p
  sbx rm taken
}

@test "--replace leaves the old pod where the new one cannot be" {
  have bb
  sbx pod create --name p --label old=yes
  run -125 sbx pod create --name p --replace --network nosuch
  assert_contains '--network nosuch'
  run -125 sbx pod create --name p --replace --hostname h --share ipc
  assert_contains '--hostname h'
  run -0 sbx pod inspect -f '{{index .Labels "old"}}' p
  assert_output yes
  sbx pod rm p
}

@test "a pod on a network by name is found there by its name" {
  have bb
  sbx network create app
  sbx pod create --network app --name ap
  sbx run -d --pod ap --name one localhost/bb sleep 1000 3>&-
  run -0 sbx run --rm --network app localhost/bb nslookup ap
  sbx pod rm -f ap
  sbx network rm app
}
