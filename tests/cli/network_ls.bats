load ../support/sbx

@test "network ls lists networks by name, and says who is on them" {
  have bb
  sbx network create --label kind=web web
  sbx network create --internal back
  sbx create --name box --network web localhost/bb >out
  run -0 sbx network ls
  [ "${#lines[@]}" -eq 3 ]
  assert_contains 'NETWORK ID'
  [[ ${lines[1]} == *back*bridge ]]
  run -0 sbx network ls --format '{{.Name}} {{.Subnets}} {{.Internal}} {{.Containers}}'
  assert_output $'back 10.89.1.0/24 true \nweb 10.89.0.0/24 false box'
  run -0 sbx network list -q --filter label=kind=web
  assert_output web
  run -0 sbx network ls -q --filter dangling=true
  assert_output back
  run -0 sbx network ls --format json --filter name=web
  assert_contains '"name": "web"'
  id=$(sbx network ls --no-trunc --format '{{.ID}}' --filter name=web)
  [ ${#id} -eq 64 ]
  run -0 sbx network exists "${id:0:8}"
}

@test "filters that mean nothing are refused" {
  run -125 sbx network ls --filter size=3
  assert_contains 'keys are name, id, driver'
  run -125 sbx network ls --filter dangling=maybe
}
