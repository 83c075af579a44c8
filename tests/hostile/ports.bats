load hostile

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

@test "a port is published on loopback alone unless an address is given" {
  have bb
  sbx run -d --name box -p 7 localhost/bb nc -ll -p 7 -e cat 3>&-
  local port
  port=$(sbx port box 7)
  port=${port#*:}
  run -0 python3 - "$port" <<'END'
import sys
wanted = "%04X" % int(sys.argv[1])
for name in "tcp", "tcp6":
    for line in open("/proc/net/" + name).readlines()[1:]:
        address, port = line.split()[1].split(":")
        if port == wanted and line.split()[3] == "0A":
            print(address)
END
  assert_output 0100007F
  sbx rm -f box
}

@test "a published port leads into its container and nowhere else" {
  have bb
  local port
  port=$(free_port)
  python3 -c "import socket
s = socket.socket(); s.bind(('127.0.0.1', $port)); s.listen()
while True: s.accept()[0].sendall(b'host')" 3>&- &
  local pid=$!
  sbx run -d --name box -p "127.0.0.2::$port" localhost/bb sleep 1000 3>&-
  says() {
    python3 - "$(sbx port box "$port")" <<'END'
import socket, sys
host, port = sys.argv[1].split(":")
try:
    print(socket.create_connection((host, int(port)), 10).recv(10))
except ConnectionResetError:
    print("reset")
END
  }
  run -0 says
  assert_output reset
  kill $pid
  sbx rm -f box
}

@test "a container cannot reach the process that relays its ports" {
  have bb
  sbx run -d --label "$(own_label)" --name box --network none -p 7 localhost/bb sleep 1000 3>&-
  local relay
  relay=$(relay_of box)
  [ -d "/proc/$relay" ]
  run ! sbx exec box ls "/proc/$relay"
  run -0 grep -E '^(CapEff|CapPrm|CapBnd|Seccomp|NoNewPrivs):' "/proc/$relay/status"
  assert_contains $'CapEff:\t0000000000000000'
  assert_contains $'CapPrm:\t0000000000000000'
  assert_contains $'Seccomp:\t2'
  assert_contains $'NoNewPrivs:\t1'
  [ "$(stat -c %u "/proc/$relay/environ")" = 0 ]
  sbx rm -f box
  sbx run -d --label "$(own_label)" --name box --pid host --cap-add SYS_PTRACE --network none -p 7 localhost/bb sleep 1000 3>&-
  relay=$(relay_of box)
  run sbx exec box sh -c "cd /proc/$relay; cat environ mem maps; ls fd/ root cwd/; readlink exe"
  [ "$(grep -c 'Permission denied' <<<"$output")" -ge 5 ]
  sbx rm -f box
}
