load ../support/sbx

# A container of that name on the network `app`, whose /etc is served at its port 80.
web() { sbx run -d --name "$1" --network app "${@:2}" localhost/bb httpd -f -p 80 -h /etc 3>&-; }

in_app() { sbx run --rm --network "${1:-app}" "${@:3}" localhost/bb sh -c "$2"; }

eval "own_$(declare -f teardown)"

teardown() {
  sbx network ls -q | xargs -r "$SBX_PROGRAM" network rm -f >"$HOME/removed" 2>&1
  sbx rm -fa >"$HOME/removed" 2>&1
  own_teardown
}

@test "containers on a network find each other by name, by alias and by id" {
  have bb
  run -0 sbx network create app
  assert_output app
  local id
  id=$(web one --network-alias front)
  for name in one ONE front "${id:0:12}" 10.89.0.2; do
    run -0 in_app app "wget -q -O- http://$name/hostname"
    assert_output "${id:0:12}"
  done
  run -0 in_app app 'nslookup one; cat /etc/resolv.conf; tail -n 1 /etc/hosts'
  assert_contains 'Address: 10.89.0.2'
  assert_contains 'nameserver 10.89.0.254'
  assert_contains $'10.89.0.3\t'
  run -1 in_app app 'wget -q -O- http://two/hostname'
}

@test "ten of them do" {
  have bb
  sbx network create --ipv6 app
  local i
  for i in {1..10}; do web "box$i" --network-alias all; done
  run -0 in_app app 'for i in 1 2 3 4 5 6 7 8 9 10; do wget -q -O- http://box$i/hostname; done | sort -u | wc -l'
  assert_output 10
  run -0 in_app app 'nslookup -type=a all | grep -c "^Address: 10.89"; nslookup -type=aaaa all | grep -c "^Address: fd"'
  assert_output $'10\n10'
  run -0 in_app app 'a=$(nslookup -type=aaaa box7 | sed -n "s/^Address: \(fd.*\)/\1/p"); wget -q -O- "http://[$a]/hostname"'
  assert_output "$(sbx inspect --format '{{.Config.Hostname}}' box7)"
}

@test "much comes through unchanged" {
  have bb
  sbx network create app
  mkdir served && head -c 20000000 /dev/urandom >served/much
  sbx run -d --name one --network app -v "$PWD/served:/served" localhost/bb httpd -f -p 80 -h /served 3>&-
  run -0 in_app app 'wget -q -O- http://one/much | sha256sum'
  assert_output "$(sha256sum <served/much)"
}

@test "other networks are out of reach, by name and by address" {
  have bb
  sbx network create app
  sbx network create other
  web one
  run -1 in_app other 'wget -q -O- http://10.89.0.2/hostname'
  run -1 in_app other 'nslookup -type=a one'
}

@test "a container can be on several networks, each by its own names" {
  have bb
  sbx network create app
  sbx network create --internal back
  web one
  local db
  db=$(sbx run -d --name db --network back localhost/bb httpd -f -p 80 -h /etc 3>&-)
  run -0 in_app app,back 'wget -q -O- http://db/hostname; wget -q -O- http://one/hostname >/dev/null; ip route; ip -o addr'
  assert_contains "${db:0:12}"
  assert_contains 'default via 10.89.0.1 dev eth0'
  assert_contains 'inet 10.89.1.3/24'
  run -0 in_app back 'wget -q -O- http://db/hostname; ip -o addr' --network app
  assert_contains "${db:0:12}"
  run -0 in_app back 'ip route' --network app
  assert_contains 'default via 10.89.0.1 dev eth1'
}

@test "addresses can be asked for" {
  have bb
  sbx network create --subnet 10.5.0.0/24 --subnet fd00:5::/64 --gateway 10.5.0.9 --ip-range 10.5.0.128/25 app
  run -0 in_app app 'ip -o addr; ip route'
  assert_contains 'inet 10.5.0.128/24'
  assert_contains 'inet6 fd00:5::80/64'
  assert_contains 'default via 10.5.0.9'
  run -0 in_app app 'ip addr' --ip 10.5.0.5 --ip6 fd00:5::77 --mac-address 02:00:00:00:00:07
  assert_contains 'inet 10.5.0.5/24'
  assert_contains 'fd00:5::77/64'
  assert_contains '02:00:00:00:00:07'
  run -0 in_app app:ip=10.5.0.6,interface_name=lan0 'ip -o addr'
  assert_contains 'lan0    inet 10.5.0.6/24'
  web one --ip 10.5.0.5
  run -125 in_app app true --ip 10.5.0.5
  assert_contains "address 10.5.0.5 of network 'app' is that of container 'one'"
}

@test "addresses that cannot be are refused before anything is made" {
  have bb
  sbx network create app
  run -125 in_app app true --ip 10.6.0.1
  assert_contains "network 'app' has no address 10.6.0.1"
  run -125 in_app app true --ip 10.89.0.1
  assert_contains 'has a meaning of its own'
  run -125 in_app app true --ip nonsense
  assert_contains 'an address of IPv4 belongs there'
  run -125 sbx run --ip 10.89.0.5 localhost/bb true
  assert_contains 'are for networks by name'
  run -125 in_app nowhere true
  assert_contains "there is no network 'nowhere'"
  run -125 in_app app true --network host
  assert_contains 'no other network can be beside it'
  run -125 in_app app true --network "$(sbx network ls -q)"
  assert_contains "network 'app' is there twice"
  run -0 sbx ps -aq
  assert_output ''
}

@test "an internal network has names, and no way out" {
  have bb
  sbx network create --internal app
  local id
  id=$(web one)
  run -0 in_app app 'wget -q -O- http://one/hostname; ip route'
  assert_contains "${id:0:12}"
  refute_contains default
  run -1 in_app app 'nslookup -type=a example.org'
  assert_contains NXDOMAIN
}

@test "without --disable-dns there are names, with it there are none" {
  have bb
  sbx network create --disable-dns --internal app
  web one
  run -0 in_app app 'grep -c 10.89 /etc/resolv.conf || wget -q -O- http://10.89.0.2/hostname'
  run -1 in_app app 'wget -q -O- http://one/hostname'
}

@test "published ports of a container on a network lead into it" {
  have bb
  sbx network create app
  web one -p 80
  run -0 curl -sf "http://$(sbx port one 80)/hostname"
  assert_output "$(sbx inspect --format '{{.Config.Hostname}}' one)"
}

@test "a container joins again when it is started again, by whomever" {
  have bb
  sbx network create app
  web one
  web two --restart always
  sbx restart -t 0 one 3>&-
  run -0 in_app app 'wget -q -O- http://one/hostname && wget -q -O- http://two/hostname'
  local pid
  pid=$(sbx inspect --format '{{.State.Pid}}' two)
  kill -KILL "$pid"
  eventually sh -c "\"$SBX_PROGRAM\" inspect --format '{{.State.Pid}}' two | grep -vx -e 0 -e $pid"
  eventually "$SBX_PROGRAM" run --rm --network app localhost/bb wget -q -O- http://two/hostname
}

@test "inspect and ps tell of the networks of a container" {
  have bb
  sbx network create app
  web one --network-alias front
  sbx create --name other localhost/bb >out
  run -0 sbx inspect --format '{{.HostConfig.NetworkMode}} {{.NetworkSettings.Networks.app.IPAddress}} {{.NetworkSettings.Networks.app.Gateway}} {{.NetworkSettings.Networks.app.IPPrefixLen}} {{.NetworkSettings.Networks.app.Aliases}}' one
  assert_output 'app 10.89.0.2 10.89.0.1 24 [front]'
  run -0 sbx ps -a --filter network=app --format '{{.Names}} {{.Networks}}'
  assert_output 'one app'
}

@test "a network's process ends with the last container, also where that is killed" {
  have bb
  sbx network create app
  web one
  web two
  sbx rm -f one
  run -0 in_app app 'wget -q -O- http://two/hostname'
  local monitor
  monitor=$(grep -o '"monitor":[0-9]*' "$XDG_RUNTIME_DIR"/sbx/containers/*/state.json | grep -o '[0-9]*$')
  kill -KILL "$monitor"
  eventually sh -c '! pgrep -f "^$SBX_PROGRAM run -d --name (one|two) --network app"'
}

@test "a network has labels, options and subnets, and those that cannot be are refused" {
  run -0 sbx network create --label a=b --opt mtu=1400 --ipv6 app
  run -0 sbx network inspect --format '{{.Labels.a}} {{.Options.mtu}} {{.IPv6Enabled}}' app
  assert_output 'b 1400 true'
  run -125 sbx network create app
  assert_contains "there is a network 'app' already"
  run -0 sbx network create --ignore app
  assert_output app
  run -125 sbx network create --subnet 10.89.0.0/25 b
  assert_contains 'another network has addresses of it'
  run -125 sbx network create --ignore --subnet 10.89.0.0/25 b
  assert_contains 'another network has addresses of it'
  run -125 sbx network create --driver macvlan b
  assert_contains '--driver macvlan: there is bridge, and no other'
  assert_contains "a device of the host's, which is root's to give away"
  run -125 sbx network create --driver ipvlan b
  assert_contains '--publish makes'
  run -125 sbx network create --opt vlan=3 b
  assert_contains '--opt vlan=3'
  run -125 sbx network create host
  assert_contains 'means something else'
  run -125 sbx network create a/b
  run -125 sbx network create --subnet nonsense b
  run -0 sbx network ls -q
  assert_output app
}

@test "a network without a name gets one" {
  run -0 sbx network create
  [[ $output == network-* ]]
  run -0 sbx network exists "$output"
}

@test "the packets of a network are as large as it says" {
  have bb
  sbx network create --opt mtu=1400 app
  run -0 in_app app 'ip -o link show eth0'
  assert_contains 'mtu 1400'
}
