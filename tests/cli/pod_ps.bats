load ../support/sbx

@test "pod ps lists pods, the newest first" {
  have bb
  sbx pod create --label tier=1 one
  sbx pod create two
  sbx create --pod two --name member localhost/bb true
  run -0 sbx pod ps
  assert_contains 'POD ID'
  assert_contains '# OF CONTAINERS'
  run -0 sbx pod ps --format '{{.Name}} {{.Status}} {{.NumberOfContainers}}'
  assert_output $'two Created 2\none Created 1'
  run -0 sbx pod ps --sort name --format '{{.Name}}'
  assert_output $'one\ntwo'
  run -0 sbx pod ls -l --format '{{.Name}}'
  assert_output two
  run -0 sbx pod ps --filter label=tier --format '{{.Name}} {{.Labels}}'
  assert_output 'one tier=1'
  run -0 sbx pod ps --filter ctr-names=member --format '{{.Name}}'
  assert_output two
  run -0 sbx pod ps --ctr-names --ctr-status --ctr-ids
  assert_contains member
  assert_contains created,created
  run -0 sbx pod ps -q --no-trunc
  assert_contains "$(sbx pod inspect -f '{{.Id}}' one)"
  sbx pod rm -a
}

@test "pod ps --format json has what podman has" {
  sbx pod create one
  run -0 sbx pod ps --format json
  run -0 jq -r '.[0] | .Name, .Status, (.Containers | length), .InfraId == .Containers[0].Id' <<<"$output"
  assert_output $'one\nCreated\n1\ntrue'
  sbx pod rm one
}

@test "pod ps refuses what means nothing" {
  run -125 sbx pod ps --filter colour=red
  assert_contains colour
  run -125 sbx pod ps --filter status=happy
  assert_contains '--filter status=happy'
  run -125 sbx pod ps --sort size
  assert_contains '--sort'
}
