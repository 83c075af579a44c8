load ../support/sbx

# A port of the host that is free now.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# What stands at an address of `sbx port`, once somebody answers there.
fetched() { curl -sf -m 10 "http://$1/$2"; }
answers() {
  python3 - "$1" 2>/dev/null <<'END'
import socket, sys
host, port = sys.argv[1].split(":")
peer = socket.create_connection((host, int(port)), 10)
peer.sendall(b"x")
assert peer.recv(1) == b"x"
END
}
is_served() { fetched "$1" "${2:-}" >/dev/null; }
refuses_connections() { ! python3 -c "import socket; socket.create_connection(('127.0.0.1', $1), 5)" 2>/dev/null; }

# A container `web` whose /etc is served at its port 80.
web() { sbx run -d --name web "$@" localhost/bb httpd -f -p 80 -h /etc 3>&-; }

# A container `echo` that says what it hears at port 7, by the host's python: busybox has no server for
# that.
echo_server() {
  local python
  python=$(python3 -c 'import sys; print(sys.executable)')
  sbx run -d --name echo "$@" -v /usr:/usr:ro -v "$(readlink -f /lib):/lib:ro" \
    -v "$(readlink -f /lib64):/lib64:ro" localhost/bb "$python" -c '
import socket, socketserver, threading
class Stream(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(1 << 16):
            self.request.sendall(data)
class Datagram(socketserver.BaseRequestHandler):
    def handle(self):
        self.request[1].sendto(self.request[0], self.client_address)
socketserver.ThreadingTCPServer.request_queue_size = 1024
udp = socketserver.UDPServer(("", 7), Datagram)
threading.Thread(target=udp.serve_forever, daemon=True).start()
socketserver.ThreadingTCPServer(("", 7), Stream).serve_forever()' 3>&-
}

@test "a published port of a container is reached at the host's address" {
  have bb
  local port
  port=$(free_port)
  web -p "$port:80"
  eventually is_served "127.0.0.1:$port" hostname
  run -0 fetched "127.0.0.1:$port" hostname
  assert_output "$(sbx exec web hostname)"
  run -0 sbx port web
  assert_output "80/tcp -> 127.0.0.1:$port"
  run -0 sbx port web 80
  assert_output "127.0.0.1:$port"
  run -0 sbx ps --format '{{.Ports}}'
  assert_output "127.0.0.1:$port->80/tcp"
  run -0 sbx rm -f web
  refuses_connections "$port"
}

@test "nothing is left of a relay when its container is removed, and the port is free at once" {
  have bb
  local port relay
  port=$(free_port)
  web --network none --label "$(own_label)" -p "$port:80"  # whose stack would look the same
  relay=$(relay_of web)
  [ -d "/proc/$relay" ]
  sbx rm -f web
  python3 -c "import socket; socket.socket().bind(('127.0.0.1', $port))"
  eventually test ! -d "/proc/$relay"
}

@test "a port that is free is found, and told by port, ps and inspect" {
  have bb
  web -p 80 -p 53/udp
  local at
  at=$(sbx port web 80)
  [[ $at == 127.0.0.1:* ]]
  eventually is_served "$at" hostname
  run -0 sbx port --latest
  assert_contains "80/tcp -> $at"
  run -0 sbx port web 53/udp
  run -0 sbx inspect --format '{{json .NetworkSettings.Ports}}' web
  assert_contains "\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"${at#*:}\"}]"
  run -0 sbx inspect --format '{{json .HostConfig.PortBindings}} {{json .Config.ExposedPorts}}' web
  assert_contains '"80/tcp":[{"HostIp":"127.0.0.1","HostPort":""}]'
  assert_contains '"53/udp":{}'
  run -0 sbx port --all
  assert_contains "$(sbx ps -q)"$'\t'"80/tcp -> $at"
  sbx rm -f web
}

@test "a container in the foreground is reached, too" {
  have bb
  local port
  port=$(free_port)
  "$SBX_PROGRAM" run --rm --name web -p "$port:80" localhost/bb httpd -f -p 80 -h /etc 3>&- &
  local pid=$!
  eventually is_served "127.0.0.1:$port" hostname
  sbx kill web
  assert_ends_with 137 $pid
  refuses_connections "$port"
}

@test "ports come back with the next start, and with a restart policy" {
  have bb
  local port
  port=$(free_port)
  web -p "$port:80" --restart on-failure
  eventually is_served "127.0.0.1:$port" hostname
  sbx exec web sh -c 'kill -9 -1' || true
  eventually is_served "127.0.0.1:$port" hostname
  sbx stop -t 0 web
  refuses_connections "$port"
  run -0 sbx port web
  assert_output ''
  sbx start web 3>&-
  eventually is_served "127.0.0.1:$port" hostname
  sbx rm -f web
}

@test "datagrams are answered" {
  have bb
  local port
  port=$(free_port)
  echo_server -p "$port:7/udp"
  says() {
    python3 - "$port" 2>/dev/null <<'END'
import socket, sys
peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
peer.settimeout(1)
peer.connect(("127.0.0.1", int(sys.argv[1])))
peer.send(b"word")
assert peer.recv(10) == b"word"
END
  }
  eventually says
  sbx rm -f echo
}

@test "ports are published on IPv6, in ranges, and where sbx.toml says" {
  have bb
  local port
  port=$(free_port)
  web -p "[::1]:$port:80"
  eventually is_served "[::1]:$port" hostname
  run -0 sbx port web
  assert_output "80/tcp -> [::1]:$port"
  refuses_connections "$port"
  sbx rm -f web
  echo 'publish_address = "127.0.0.9"' | cat - "$XDG_CONFIG_HOME/sbx/sbx.toml" >new
  mv new "$XDG_CONFIG_HOME/sbx/sbx.toml"
  web -p 79-81
  local at
  at=$(sbx port web 80)
  [[ $at == 127.0.0.9:* ]]
  eventually is_served "$at" hostname
  run -0 sbx port web
  [ ${#lines[@]} -eq 3 ]
  sbx rm -f web
}

@test "--publish-all publishes what is exposed" {
  have bb
  web -P --expose 80 --expose 90-91/udp
  eventually is_served "$(sbx port web 80)" hostname
  run -0 sbx port web 91/udp
  sbx rm -f web
}

@test "hundreds of connections at once are served" {
  have bb
  echo_server -p 7
  eventually answers "$(sbx port echo 7)"
  run -0 python3 - "$(sbx port echo 7)" <<'END'
import socket, sys
host, port = sys.argv[1].split(":")
peers = []
for number in range(300):
    peers.append(socket.create_connection((host, int(port)), 20))
for number, peer in enumerate(peers):
    peer.sendall(b"%d" % number)
    peer.shutdown(socket.SHUT_WR)
for number, peer in enumerate(peers):
    got = b""
    while part := peer.recv(100):
        got += part
    assert got == b"%d" % number, (number, got)
print("all")
END
  assert_output all
  sbx rm -f echo
}

@test "what is large comes through whole, both ways" {
  have bb
  echo_server -p 7
  eventually answers "$(sbx port echo 7)"
  run -0 python3 - "$(sbx port echo 7)" <<'END'
import hashlib, os, select, socket, sys
host, port = sys.argv[1].split(":")
data = os.urandom(1 << 20) * 32
peer = socket.create_connection((host, int(port)), 20)
peer.setblocking(False)
sent, got = 0, bytearray()
while len(got) < len(data):
    readable, writable, _ = select.select([peer], [peer] if sent < len(data) else [], [], 20)
    assert readable or writable
    if writable:
        sent += peer.send(data[sent:sent + 65536])
    if readable:
        got += peer.recv(1 << 20)
assert bytes(got) == data
print("whole")
END
  assert_output whole
  sbx rm -f echo
}

@test "a client is reset where nothing listens" {
  have bb
  sbx run -d --name idle -p 7 localhost/bb sleep 1000 3>&-
  run -0 python3 - "$(sbx port idle 7)" <<'END'
import socket, sys
host, port = sys.argv[1].split(":")
try:
    print(socket.create_connection((host, int(port)), 20).recv(1))
except ConnectionResetError:
    print("reset")
END
  assert_output reset
  sbx rm -f idle
}

@test "a port in use is named with who has it, and nothing is left of the container" {
  have bb
  local port
  python3 -c 'import socket, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
print(s.getsockname()[1], flush=True); time.sleep(1000)' >taken 3>&- &
  local pid=$!
  eventually [ -s taken ]
  port=$(<taken)
  run -125 sbx run --name web -p "$port:80" localhost/bb true
  assert_contains "cannot run 'localhost/bb': publish on 127.0.0.1:$port/tcp: the port is in use, by process $pid (python3"
  run -125 sbx run -d --name web -p "$port:80" localhost/bb true 3>&-
  assert_contains "the port is in use, by process $pid"
  kill $pid
  run -0 sbx ps -aq
  assert_output ''
}

@test "a port that another container has is named with that one" {
  have bb
  local port
  port=$(free_port)
  web -p="$port:80"
  run -125 sbx run --rm -p "$port:80" localhost/bb true
  assert_contains 'the port is in use'
  assert_contains "container 'web' has it"
  sbx rm -f web
}

@test "a port that is not for users is refused with what mends it" {
  have bb
  [ "$(</proc/sys/net/ipv4/ip_unprivileged_port_start)" -gt 80 ] || skip 'all may have port 80 here'
  run -125 sbx run --rm -p 80:80 localhost/bb true
  assert_contains 'publish on 127.0.0.1:80/tcp: ports below'
  assert_contains 'sudo sysctl net.ipv4.ip_unprivileged_port_start=80'
}

@test "what cannot be published is refused" {
  have bb
  run -125 sbx run --rm -p 80/sctp localhost/bb true
  assert_contains "--publish: '80/sctp': sctp cannot be published; tcp and udp can"
  run -125 sbx run --rm -p localhost:80:80 localhost/bb true
  assert_contains "'localhost' is not an IP address"
  run -125 sbx create -p 8080:80 -p 8080:81 localhost/bb true
  assert_contains '127.0.0.1:8080 of the host is asked for twice'
  run -0 sbx run --rm --network host -p 8080:80 localhost/bb true
  assert_contains 'warning: --publish has no effect with --network host'
}

@test "port says what is not published" {
  have bb
  web -p 80
  run -125 sbx port web 81
  assert_contains "container 'web': port 81/tcp is not published"
  run -125 sbx port web 80/udp
  assert_contains 'port 80/udp is not published'
  run -125 sbx port web 80-81
  run -125 sbx port nosuch
  assert_contains "cannot list the ports of 'nosuch': there is no container 'nosuch'"
  run -125 sbx port
  sbx rm -f web
}
