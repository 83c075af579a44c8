load hostile

# Containers of bb that are on networks; `hostile` has the host's python and may send what it likes.
python=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')

hostile() {
  sbx run --rm --cap-add NET_RAW --network "$1" -v /usr:/usr:ro -v "$(readlink -f /lib):/lib:ro" \
    -v "$(readlink -f /lib64):/lib64:ro" -v "$BATS_TEST_DIRNAME:/tests:ro" localhost/bb \
    "$python" /tests/frames.py "${@:2}"
}

# A container `victim` on the network app that writes down what comes to its port 7000.
victim() {
  sbx run -d --name victim --network "$1" --ip "$2" -v /usr:/usr:ro -v "$(readlink -f /lib):/lib:ro" \
    -v "$(readlink -f /lib64):/lib64:ro" localhost/bb "$python" -uc '
import socket
heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
heard.bind(("", 7000))
print("listening")
while True:
    print(heard.recv(100).decode())' 3>&-
  eventually sh -c '"$SBX_PROGRAM" logs victim | grep -q listening'
}

eval "own_$(declare -f teardown)"

teardown() {
  sbx rm -fa >"$HOME/removed" 2>&1
  own_teardown
}

@test "a member cannot speak or answer in the name of another one" {
  have bb
  sbx network create app
  victim app 10.89.0.9
  run -0 sbx exec victim sh -c 'wget -q -O- http://10.89.0.1/; cat /proc/net/arp'
  local before
  before=$(sbx exec victim awk '$1 == "10.89.0.1" { print $4 }' /proc/net/arp)
  run -0 hostile app:ip=10.89.0.5 spoof 10.89.0.5 10.89.0.9 10.89.0.1
  eventually sh -c '"$SBX_PROGRAM" logs victim | grep -q honest'
  run -0 sbx logs victim
  assert_output $'listening\nhonest'
  run -0 sbx exec victim awk '$1 == "10.89.0.1" { print $4 }' /proc/net/arp
  assert_output "$before"
}

@test "neither another network nor the world behind an internal one is reached by raw frames" {
  have bb
  sbx network create app
  sbx network create --internal other
  victim app 10.89.0.9
  python3 -uc '
import socket
heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
heard.bind(("0.0.0.0", 7000))
heard.settimeout(60)
print("listening")
print(heard.recv(100).decode())' >heard 2>&1 3>&- &
  local host=$!
  eventually grep -q listening heard
  run -0 hostile other reach 10.89.1.2 10.89.0.9 10.89.0.1 127.0.0.1 10.89.1.1 $(hostname -I | tr ' ' '\n' | grep -v :)
  run -0 hostile app reach 10.89.0.2 10.89.1.2 127.0.0.1 10.89.0.1 $(hostname -I | tr ' ' '\n' | grep -v :)
  run -0 hostile app reach 10.89.0.2 10.89.0.9
  eventually sh -c '"$SBX_PROGRAM" logs victim | grep -q out'
  run -0 sbx logs victim
  [ "$(grep -c out <<<"$output")" -le 2 ]
  kill $host
  run -0 cat heard
  assert_output listening
}

@test "garbage from a member changes nothing for the others" {
  have bb
  sbx network create app
  sbx run -d --name web --network app localhost/bb httpd -f -p 80 -h /etc 3>&-
  run -0 hostile app:ip=10.89.0.5 garbage 10.89.0.5 10.89.0.254
  run -0 sbx run --rm --network app localhost/bb sh -c 'wget -q -O- http://web/hostname'
  assert_output "$(sbx inspect --format '{{.Config.Hostname}}' web)"
}

@test "a container cannot reach the process of its network" {
  have bb
  sbx network create app
  sbx run -d --name one --network app localhost/bb sleep 100 3>&-
  run -0 sbx exec one sh -c 'ls /proc | grep -c "^[0-9]"; ls -l /proc/1/fd /proc/self/fd; find / -xdev -name socket'
  refute_contains socket
  refute_contains tun
}

# A network whose process is told from those of other tests by its name.
@test "the process of a network has nothing of whoever started it" {
  have bb
  sbx network create "lan-$$"
  sbx run -d --name one -e TOKEN=hunter2 --network "lan-$$" localhost/bb sleep 100 3>&-
  run -0 pgrep -f "^sbx-network lan-$$"
  local pid=$output
  run -0 tr '\0' ' ' <"/proc/$pid/cmdline"
  assert_output "sbx-network lan-$$ "
  run ! cat "/proc/$pid/environ"
}

@test "no process is left of a network whose containers are killed" {
  have bb
  sbx network create "lan-$$"
  "$SBX_PROGRAM" run --rm --network "lan-$$" localhost/bb sleep 1000 >out 2>&1 3>&- &
  local sbx=$!
  eventually sh -c "pgrep -f '^sbx-network lan-$$' && pgrep -x sleep"
  kill -KILL $sbx
  wait $sbx || true
  eventually sh -c "! pgrep -f '^$SBX_PROGRAM run --rm --network lan-$$' && ! pgrep -f '^sbx-network lan-$$'"
}
