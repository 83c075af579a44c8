load ../support/sbx

@test "network inspect shows podman's fields, and who runs there" {
  have bb
  sbx network create --subnet 10.5.0.0/24 app
  id=$(sbx run -d --name box --network app localhost/bb sleep 100 3>&-)
  run -0 sbx network inspect app
  echo "$output" | python3 -c '
import json, sys
[network] = json.load(sys.stdin)
assert network["subnets"] == [{"subnet": "10.5.0.0/24", "gateway": "10.5.0.1"}], network
assert network["dns_enabled"] and not network["internal"] and not network["ipv6_enabled"]
[(id, box)] = network["containers"].items()
assert box["name"] == "box" and box["interfaces"]["eth0"]["subnets"][0]["ipnet"] == "10.5.0.2/24", box
'
  assert_contains "$id"
  run -0 sbx network inspect --format '{{range .Subnets}}{{.gateway}}{{end}} {{.name}} {{.Driver}}' app
  assert_output '10.5.0.1 app bridge'
  run -0 sbx inspect --type network --format '{{.name}}' app
  assert_output app
  sbx rm -f box
  run -0 sbx network inspect --format '{{len .Containers}}' app
  assert_output 0
}

@test "a network that there is not is an error; the others are shown" {
  sbx network create app
  run -125 sbx network inspect --format '{{.Name}}' none app
  assert_contains "cannot inspect 'none': there is no network 'none'"
  assert_contains app
}
