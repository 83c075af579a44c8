load ../support/sbx

@test "pod inspect shows all about pods" {
  have bb
  sbx pod create --name p -p 127.0.0.1:0:80 --exit-policy stop
  sbx create --pod p --name member localhost/bb true
  run -0 sbx pod inspect p
  run -0 jq -r '.[0] | .Name, .ExitPolicy, .NumContainers, .Containers[1].Name, .Containers[1].State,
    (.InfraConfig.PortBindings | keys[0])' <<<"$output"
  assert_output $'p\nstop\n2\nmember\ncreated\n80/tcp'
  run -0 sbx pod inspect -l -f '{{.Name}}'
  assert_output p
  sbx pod rm p
}

@test "pod inspect says what is not there" {
  run -125 sbx pod inspect nosuch
  assert_contains "cannot inspect 'nosuch': there is no pod 'nosuch'"
  run -125 sbx pod inspect
  assert_contains 'name a pod, or give --latest'
  run -125 sbx pod inspect -l
  assert_contains 'there are no pods'
}
