load ../support/sbx

eval "own_$(declare -f teardown)"

teardown() {
  sbx rm -fa >"$HOME/removed" 2>&1
  own_teardown
}

served() { sbx exec client wget -q -O- "http://$1/hostname"; }

@test "a container that runs comes to a further network, and leaves it" {
  have bb
  sbx network create app
  sbx network create back
  sbx run -d --name db --network back localhost/bb httpd -f -p 80 -h /etc 3>&-
  sbx run -d --name client --network app localhost/bb sleep 100 3>&-
  run -1 served db
  sbx network connect --alias cache --ip 10.89.1.77 back client
  run -0 served db
  run -0 sbx exec db nslookup -type=a cache
  assert_contains 10.89.1.77
  run -0 sbx inspect --format '{{.NetworkSettings.Networks.back.IPAddress}}' client
  assert_output 10.89.1.77
  run -0 sbx network ls --filter name=back --format '{{.Containers}}'
  assert_contains client
  sbx network disconnect back client
  run -1 served db
  run -0 sbx exec client ip -o link
  refute_contains eth1
  run -1 sbx exec db nslookup -type=a cache
  run -0 sbx inspect --format '{{len .NetworkSettings.Networks}}' client
  assert_output 1
}

@test "what was connected while it ran is there after a restart" {
  have bb
  sbx network create app
  sbx network create back
  sbx run -d --name client --restart always --network app localhost/bb sleep 100 3>&-
  sbx network connect back client
  sbx restart -t 0 client 3>&-
  run -0 sbx exec client ip -o addr
  assert_contains 'eth1    inet 10.89.1.2/24'
  sbx network disconnect app client
  local pid
  pid=$(sbx inspect --format '{{.State.Pid}}' client)
  kill -KILL "$pid"
  eventually sh -c "\"$SBX_PROGRAM\" inspect --format '{{.State.Pid}}' client | grep -vx -e 0 -e $pid"
  eventually sh -c '"$SBX_PROGRAM" exec client ip -o addr >addresses'
  grep -q 10.89.1.2 addresses
  run ! grep -q 10.89.0. addresses
}

@test "names of all networks are known, in whichever order they come and go" {
  have bb
  sbx network create --internal inner
  sbx network create app
  sbx network create back
  for network in inner app back; do
    sbx run -d --name "at-$network" --network $network localhost/bb httpd -f -p 80 -h /etc 3>&-
  done
  sbx run -d --name client --network inner localhost/bb sleep 100 3>&-
  for network in app back; do
    sbx network connect $network client
    run -0 served "at-$network"
    run -0 served at-inner
  done
  run -0 served at-app
  run -0 sbx exec client grep nameserver /etc/resolv.conf
  assert_output 'nameserver 10.89.1.254'
  sbx network disconnect back client
  run -0 served at-app
  run -0 served at-inner
  sbx network disconnect app client
  sbx network connect back client
  run -0 served at-back
  sbx network disconnect inner client
  run -0 served at-back
  sbx network connect inner client
  run -0 served at-inner
  run -0 sbx exec client grep nameserver /etc/resolv.conf
  assert_output 'nameserver 10.89.2.254'
}

@test "one server knows the names of eight networks" {
  have bb
  local options=() name
  for name in a b c d e f g h; do
    sbx network create "net-$name"
    sbx run -d --name "at-$name" --network "net-$name" localhost/bb sleep 100 3>&-
    options+=(--network "net-$name")
  done
  sbx run -d --name client "${options[@]}" localhost/bb sleep 100 3>&-
  run -0 sbx exec client grep -c nameserver /etc/resolv.conf
  assert_output 1
  for name in a b h; do
    run -0 sbx exec client nslookup -type=a "at-$name"
    assert_contains 'Server:		10.89.0.254'
    assert_contains "Name:	at-$name"
  done
  run -0 sbx exec client nslookup -type=ptr 2.7.89.10.in-addr.arpa
  assert_contains at-h
  run ! sbx exec at-a nslookup -type=a at-h
  sbx network disconnect net-h client
  run ! sbx exec client nslookup -type=a at-h
}

@test "where the way out goes, the next one is it at once" {
  have bb
  sbx network create --internal inner
  for name in app back; do sbx network create $name; done
  sbx run -d --name client --network inner,app,back localhost/bb sleep 100 3>&-
  way() { sbx exec client sh -c 'ip route | grep default; cat /etc/resolv.conf | grep nameserver'; }
  run -0 way
  assert_output 'default via 10.89.1.1 dev eth1 
nameserver 10.89.1.254'
  sbx network disconnect app client
  run -0 way
  assert_output 'default via 10.89.2.1 dev eth2 
nameserver 10.89.2.254'
  sbx network disconnect back client
  run -0 way
  assert_output 'nameserver 10.89.0.254'
  sbx network connect app client
  run -0 way
  assert_contains 'default via 10.89.1.1 dev eth'
  assert_contains 'nameserver 10.89.1.254'
}

@test "one that does not run has it as of its start" {
  have bb
  sbx network create app
  sbx network create back
  sbx create --name client --network app localhost/bb ip -o addr >out
  sbx network connect back client
  run -0 sbx start -a client
  assert_contains 'eth1    inet 10.89.1.2/24'
  sbx network disconnect app client
  run -0 sbx start -a client
  refute_contains eth0
}

@test "what makes no sense is refused" {
  have bb
  sbx network create app
  sbx create --name box localhost/bb >out
  sbx create --name client --network app localhost/bb >out
  run -125 sbx network connect app box
  assert_contains "cannot connect 'box'"
  assert_contains 'was not made to share a network'
  run -125 sbx network connect app client
  assert_contains "is on network 'app' already"
  run -125 sbx network connect none client
  assert_contains "there is no network 'none'"
  run -125 sbx network connect app nobody
  run -125 sbx network disconnect app box
  assert_contains "is not on network 'app'"
  run -0 sbx network disconnect -f app box
  run -125 sbx network connect --ip x app client
  sbx network create back
  run -125 sbx network connect back,app client
  assert_contains "'back,app'"
  run -125 sbx network connect back:interface_name=lan0 client
  assert_contains 'interface_name= is for'
  run -0 sbx inspect --format '{{len .NetworkSettings.Networks}}' client
  assert_output 1
}
