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
