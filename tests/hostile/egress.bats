load hostile

# The test's own script of commands, run where the world is two servers: tests/support/world.sh.
# `reach OPTIONS -- NAME PORT...` asks each from inside, by HTTP, and says what came of it.
in_world() {
  echo '{"good.example": "192.0.2.80", "also.good.example": "192.0.2.80", "evil.example": "192.0.2.81",
    "sneaky.good.example": "192.0.2.1", "inward.good.example": "127.0.0.1"}' >names.json
  cat >reach.py <<'END'
import socket, sys
for name, port in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        server = socket.create_connection((name, int(port)), 5)
        server.sendall(b"GET / HTTP/1.0\r\n")  # in parts, as programs without a buffer do
        server.sendall(f"Host: {name}\r\n\r\n".encode())
        print(name, port, server.recv(999).splitlines()[-1].decode())
    except OSError as error:
        print(name, port, type(error).__name__)
END
  cat - >script <<'END'
box() { "$SBX_PROGRAM" --root "$XDG_DATA_HOME/sbx" "$@"; }
python() { local options=(); while [ "$1" != -- ]; do options+=("$1"); shift; done; shift
  box run --rm -v /usr:/usr:ro -v /lib:/lib:ro -v /lib64:/lib64:ro -v "$PWD:/t:ro" "${options[@]}" \
    localhost/bb /usr/bin/python3 "$@"; }
reach() { local options=(); while [ "$1" != -- ]; do options+=("$1"); shift; done; shift
  python "${options[@]}" -- /t/reach.py "$@"; }
END
  cat >>script
  bash "$BATS_TEST_DIRNAME/../support/world.sh" "$PWD" bash -e script 3>&-
}

@test "a container reaches the names that are allowed, and no others" {
  have bb
  run -0 in_world <<'END'
reach --net-allow good.example,*.good.example:8080 -- good.example 80 also.good.example 8080 \
  evil.example 80 192.0.2.81 80 192.0.2.80 80 good.example 8080 sneaky.good.example 8080
END
  assert_contains 'good.example 80 this is 192.0.2.80'
  assert_contains 'also.good.example 8080 this is 192.0.2.80'
  assert_contains 'evil.example 80 gaierror'
  assert_contains '192.0.2.81 80 OSError'
  assert_contains '192.0.2.80 80 ConnectionResetError'
  assert_contains '
good.example 8080 ConnectionResetError'
  assert_contains 'sneaky.good.example 8080 OSError'
  assert_contains 'network: '
  assert_contains ' refused: '
  assert_contains '192.0.2.81:80'
  run ! grep evil asked
}

@test "TLS and HTTP have to say a name that is allowed" {
  have bb
  cat >hello.py <<'END'
import socket, ssl, sys
name = sys.argv[1]
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
plain = socket.create_connection((socket.gethostbyname("good.example"), 443), 5)
try:
    tls = context.wrap_socket(plain, server_hostname=name or None)
    tls.sendall(b"GET / HTTP/1.0\r\n\r\n")
    print(name, tls.recv(999).splitlines()[-1].decode())
except OSError as error:
    print(name, type(error).__name__)
END
  run -0 in_world <<'END'
for name in good.example evil.example ''; do python --net-allow good.example -- /t/hello.py "$name"; done
python --net-allow good.example -- -c 'import socket; s = socket.create_connection(("good.example", 80), 5)
s.sendall(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
try: print(s.recv(99))
except OSError as error: print(type(error).__name__)'
END
  assert_contains 'good.example this is 192.0.2.80'
  assert_contains 'evil.example ConnectionResetError'
  assert_contains 'network: 1 refused: evil.example:443'
  assert_contains ' ConnectionResetError'
  assert_contains 'network: 1 refused: good.example:443'
  assert_contains 'network: 1 refused: evil.example:80'
  [ "$(grep -c 'this is' <<<"$output")" -eq 1 ]
}

@test "no other name server can be asked, and names that lead inward lead nowhere" {
  have bb
  run -0 in_world <<'END'
box run --rm --net-deny evil.example localhost/bb nslookup evil.example 192.0.2.53 || true
reach --net-deny evil.example -- evil.example 80 good.example 80 192.0.2.81 80
reach --net-allow '*.good.example:80' -- inward.good.example 80 sneaky.good.example 80
END
  assert_contains 'refused: 192.0.2.53:53/udp'
  assert_contains 'evil.example 80 gaierror'
  assert_contains 'good.example 80 this is 192.0.2.80'
  assert_contains '192.0.2.81 80 this is 192.0.2.81'
  assert_contains 'inward.good.example 80 ConnectionRefusedError'
  assert_contains 'sneaky.good.example 80 OSError'
}

@test "refusals are noted, also of what runs in the background and comes again" {
  have bb
  run -0 in_world <<'END'
box run -d --name box --restart on-failure:1 --net-allow good.example --net-log log localhost/bb \
  sh -c 'nslookup evil.example; exit 1' >id 3>&-
for i in $(seq 100); do [ "$(box inspect --format '{{.RestartCount}} {{.State.Status}}' box)" = '1 exited' ] && break; sleep 0.1; done
box inspect --format '{{json .HostConfig.Egress}}' box
box rm -f box
box run --rm --net-allow good.example --net-log - localhost/bb nslookup evil.example || true
END
  assert_contains '{"allow":["good.example"],"deny":[],"log":"'
  assert_contains '"action":"refused"'
  run -0 grep -c '"action":"refused","name":"evil.example","rule":"not allowed"' log
  [ "$output" -ge 2 ]
}

@test "on a network by name each member has its own rules" {
  have bb
  run -0 in_world <<'END'
box network create app
box network create back
box run -d --name free --network app,back localhost/bb httpd -f -p 80 -h /etc >id 3>&-
reach --network app --net-allow good.example --net-log log -- good.example 80 evil.example 80 \
  192.0.2.81 80 192.0.2.80 8080 free 80
box exec free wget -q -O- http://evil.example/ && echo 'free evil.example'
echo both:
python --network app,back --net-deny evil.example -- -c 'import socket
for device, gateway in (("eth0", "app"), ("eth1", "back")):
    for address in "192.0.2.80", "192.0.2.81":
        try:
            plain = socket.socket()
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
            plain.settimeout(5)
            plain.connect((address, 80))
            plain.sendall(b"GET / HTTP/1.0\r\nHost: evil.example\r\n\r\n")
            print(device, address, plain.recv(99))
        except OSError as error: print(device, address, type(error).__name__)'
echo later:
box run -d --name late --network app --net-allow good.example localhost/bb sleep 100 >id 3>&-
box network connect back late
box network disconnect app late
box exec late wget -q -O- http://good.example/ || true
box exec late wget -q -T 5 -O- http://192.0.2.81/ || true
box exec late nslookup evil.example || true
box rm -fa >id
END
  assert_contains 'good.example 80 this is 192.0.2.80'
  assert_contains 'evil.example 80 gaierror'
  assert_contains '192.0.2.81 80 OSError'
  assert_contains '192.0.2.80 8080 OSError'
  assert_contains 'free 80 '
  refute_contains 'free 80 OSError'
  refute_contains 'free 80 gaierror'
  assert_contains 'network: '
  assert_contains ' refused: '
  assert_contains 'this is 192.0.2.81
free evil.example'
  assert_contains 'eth0 192.0.2.80 ConnectionResetError'
  refute_contains 'eth1 192.0.2.80 b'
  refute_contains 'eth1 192.0.2.81 b'
  local later=${output#*later:}
  [[ $later == *'this is 192.0.2.80'* ]]
  [[ $later != *'this is 192.0.2.81'* ]]
  [[ $later == *NXDOMAIN* ]]
  run -0 cat log
  assert_contains '"address":"192.0.2.81","port":80'
  refute_contains free
}

@test "the containers of a pod are held to its rules" {
  have bb
  run -0 in_world <<'END'
box network create app
for network in slirp app; do
  box pod create --name p --network $network --net-allow good.example --net-log "$PWD/log-$network" >id 3>&-
  reach --pod p -- good.example 80 evil.example 80 192.0.2.81 80
  box pod inspect --format '{{json .InfraConfig.Egress.allow}}' p
  box pod rm -f p >id
  cat "log-$network"
done
END
  [ "$(grep -c 'good.example 80 this is 192.0.2.80' <<<"$output")" -eq 2 ]
  [ "$(grep -c 'evil.example 80 gaierror' <<<"$output")" -eq 2 ]
  [ "$(grep -c '192.0.2.81 80 OSError' <<<"$output")" -eq 2 ]
  [ "$(grep -c '"address":"192.0.2.81"' <<<"$output")" -eq 2 ]
  [ "$(grep -c '^\["good.example"\]' <<<"$output")" -eq 2 ]
  run ! grep evil asked
}

# It speaks as the process of an older sbx would, which answers without a word about rules.
@test "a process of a network that knows no rules is not relied on" {
  have bb
  sbx network create app
  local id
  id=$(sbx network inspect --format '{{.ID}}' app)
  mkdir -p "$XDG_RUNTIME_DIR/sbx/networks/$id"
  python3 -c '
import os, socket, sys
os.chdir(sys.argv[1])
there = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
there.bind("socket")
there.listen()
print("listening", flush=True)
while True:
    line, _ = there.accept()
    line.recv(9999)
    line.send(b"{\"v4\":\"10.89.0.2\",\"v6\":\"\",\"hardware\":\"02:42:0a:59:00:02\",\"pid\":1}")' \
    "$XDG_RUNTIME_DIR/sbx/networks/$id" >old 3>&- &
  local old=$!
  eventually grep -q listening old
  run -125 sbx run --rm --network app --net-allow good.example localhost/bb echo started
  kill $old
  assert_contains 'holds nobody to rules'
  refute_contains started
}

@test "rules that are none, and networks that cannot have any, are refused" {
  have bb
  for rule in http://x.example x.example:0 @nothing ''; do
    run -125 sbx run --net-allow "$rule" localhost/bb true
    assert_contains '--net-allow: '
  done
  run -125 sbx run --net-log log localhost/bb true
  assert_contains 'nothing is refused without a rule'
  run -125 sbx run --network none --net-allow x.example localhost/bb true
  assert_contains "are for a network of the container's own"
  run -125 sbx run --network host --net-allow x.example localhost/bb true
  assert_contains "are for a network of the container's own"
  sbx network create app
  run -125 sbx run --network app --net-allow x.example:0 localhost/bb true
  assert_contains '--net-allow: '
  run -125 sbx run --network app --net-deny x.example --dns 192.0.2.1 localhost/bb true
  assert_contains 'own name server alone'
  run -125 sbx run --network app --net-allow x.example --net-log /no/such/log localhost/bb true
  assert_contains '--net-log: '
  run -125 sbx pod create --net-allow http://x.example p
  assert_contains '--net-allow: '
  run -125 sbx pod create --share ipc --net-deny x.example p
  assert_contains 'the pod shares no network'
  run -125 sbx pod create --network host --net-allow x.example p
  assert_contains "are for a network of the container's own"
  run -125 sbx pod create --net-allow x.example --net-log - p
  assert_contains 'nobody would see it'
  sbx pod create p >id
  run -125 sbx run --pod p --net-allow x.example localhost/bb true
  assert_contains '--net-allow and --pod p exclude each other'
  sbx pod rm p >id
  run -125 sbx run --net-allow x.example --dns 192.0.2.1 localhost/bb true
  assert_contains 'own name server alone'
  run -125 sbx run -d --net-allow x.example --net-log - localhost/bb true
  assert_contains 'nobody would see it'
  run -125 sbx run --net-allow x.example --net-log /no/such/log localhost/bb true
  assert_contains '--net-log: '
  ln -s profile linked
  run -125 sbx run --net-allow x.example --net-log linked localhost/bb true
  assert_contains '--net-log: '
  run ! test -e profile
  echo 'net_preset.ours = ["a.example", "http://b"]' >"$XDG_CONFIG_HOME/sbx/sbx.toml"
  run -125 sbx run --net-allow @ours localhost/bb true
  assert_contains 'net_preset.ours'
}
