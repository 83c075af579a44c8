load hostile

# Servers on the host's loopback: of files, at port $http, and of names, at $names.
serve() {
  mkdir -p served && echo "from the host" >served/word
  python3 -u -m http.server -b 127.0.0.1 -d served 0 >http.log 2>&1 3>&- &
  servers=$!
  python3 "$BATS_TEST_DIRNAME/../support/resolver.py" >udp.log 3>&- &
  servers+=" $!"
  eventually grep -q port http.log
  eventually test -s udp.log
  http=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' http.log)
  names=$(cat udp.log)
}

teardown() {
  local pid
  for pid in ${servers:-}; do kill "$pid"; done
  sbx rm -fa >"$HOME/removed" 2>&1 || true
  unshare --map-auto --map-root-user rm -rf "$BATS_TEST_TMPDIR/home" "$BATS_TEST_TMPDIR/run"
}

in_bb() { sbx run --rm "${@:1:$#-1}" localhost/bb sh -c "${*: -1}"; }

readonly open=slirp:allow-host-loopback=true

@test "a container has a device with addresses, routes and a name server" {
  have bb
  run -0 in_bb 'ip -o addr show tap0; ip route; cat /etc/resolv.conf'
  assert_contains 'inet 10.0.2.100/24'
  assert_contains 'inet6 fd00::100/64'
  assert_contains 'default via 10.0.2.2 dev tap0'
  assert_contains 'nameserver '
  run -0 in_bb --network slirp:cidr=10.9.0.0/16,mtu=1500,ipv6=false 'ip -o addr; ip -o link'
  assert_contains 'inet 10.9.0.100/16'
  assert_contains 'mtu 1500'
  refute_contains fd00
  run -0 in_bb --network none 'ip -o link'
  refute_contains tap0
}

@test "with the gateway open the host's loopback answers TCP and UDP, and has a name" {
  have bb
  serve
  run -0 in_bb --network $open "wget -q -O- http://host.containers.internal:$http/word"
  assert_output 'from the host'
  run -0 in_bb --network slirp4netns:allow_host_loopback=true "wget -q -O- http://10.0.2.2:$http/word"
  assert_output 'from the host'
  run -0 in_bb --network $open --add-host there:host-gateway "wget -q -O- http://there:$http/word"
  assert_output 'from the host'
  run -0 in_bb --network $open "nslookup example.org 10.0.2.2:$names"
  assert_contains 192.0.2.99
}

@test "much comes through unchanged" {
  have bb
  serve
  head -c 20000000 /dev/urandom >served/much
  run -0 in_bb --network $open "wget -q -O- http://10.0.2.2:$http/much | sha256sum"
  assert_output "$(sha256sum <served/much)"
}

@test "without it the host, its addresses and what tells of it are refused at once" {
  have bb
  serve
  local address
  for address in 10.0.2.2 10.0.2.3 10.0.2.7 169.254.169.254 100.100.100.200 $(hostname -I | tr ' ' '\n' | grep -v :); do
    run -1 in_bb "wget -q -O- http://$address:$http/word"
    assert_contains 'No route to host'
  done
  run -1 in_bb "wget -q -O- 'http://[fd00::2]:$http/word'"
  assert_contains 'Permission denied'
  run -1 in_bb "wget -q -O- 'http://[::ffff:127.0.0.1]:$http/word'"
  run -1 in_bb "nslookup example.org 10.0.2.2:$names"
  refute_contains 192.0.2.99
  run -1 in_bb 'grep internal /etc/hosts'
  run ! grep GET http.log
}

@test "the network ends with the container, and comes again with its next life" {
  have bb
  serve
  sbx run -d --name box --network $open --restart on-failure:1 localhost/bb \
    sh -c "wget -q -O- http://10.0.2.2:$http/word && exit 1" >id 3>&-
  eventually sh -c '[ $(grep -c GET http.log) -eq 2 ]'
  eventually sh -c '[ "$("$SBX_PROGRAM" inspect --format {{.State.Status}} box)" = exited ]'
  run -0 sh -c '"$SBX_PROGRAM" logs box | grep -c "from the host"'
  assert_output 2
  run -0 sbx start box 3>&-
  eventually sh -c '[ $(grep -c GET http.log) -ge 3 ]'
}

@test "inspect shows its addresses" {
  have bb
  sbx create --name box localhost/bb >id
  run -0 sbx inspect --format '{{.HostConfig.NetworkMode}} {{.NetworkSettings.IPAddress}} {{.NetworkSettings.Gateway}} {{.NetworkSettings.MacAddress}}' box
  assert_output 'slirp 10.0.2.100 10.0.2.2 02:42:0a:00:02:64'
}

@test "networks that there are not are refused" {
  have bb
  run -125 sbx run --network pasta:mtu=9 localhost/bb true
  assert_contains "--network pasta: 'mtu=9': options of pasta belong there"
  run -125 sbx run --network container:x localhost/bb true
  assert_contains "--network container:x: there is no container 'x'"
  run -125 sbx run --network slirp:mtu=9 localhost/bb true
  assert_contains mtu
  run -125 sbx run --network mine localhost/bb true
  assert_contains "--network mine: there is no network 'mine'"
}

@test "no process is left of a network whose sbx is killed" {
  have bb
  "$SBX_PROGRAM" run --rm --label "$(own_label)" localhost/bb sleep 1000 >out 2>&1 3>&- &
  local sbx=$! mark
  mark="--label $(own_label) "
  is_served() { pgrep -P "$sbx" -x sleep && [ "$(pgrep -c -f -- "$mark")" -eq 2 ]; }
  are_gone() { ! pgrep -f -- "$mark" && ! pgrep -P "$sbx"; }
  eventually is_served
  kill -KILL $sbx
  wait $sbx || true
  eventually are_gone
}
