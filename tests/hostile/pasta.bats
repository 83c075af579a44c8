load hostile

# The test's own script of commands, run where the world is two servers: tests/support/world.sh.
in_world() {
  echo '{"good.example": "192.0.2.80"}' >names.json
  cat - >script <<'END'
box() { "$SBX_PROGRAM" --root "$XDG_DATA_HOME/sbx" "$@"; }
in_bb() { box run --rm "${@:1:$#-1}" localhost/bb sh -c "${*: -1}"; }
python3 -u -m http.server -b 127.0.0.1 0 >http.log 2>&1 &
until grep -q port http.log; do sleep 0.05; done
http=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' http.log)
END
  cat >>script
  bash "$BATS_TEST_DIRNAME/../support/world.sh" "$PWD" bash -e script 3>&-
}

teardown() {
  sbx rm -fa >"$HOME/removed" 2>&1 || true
  unshare --map-auto --map-root-user rm -rf "$BATS_TEST_TMPDIR/home" "$BATS_TEST_TMPDIR/run"
}

@test "pasta connects a container to the world, and answers for the name server of the host" {
  have bb
  run -0 in_world <<'END'
in_bb --network pasta 'ip -o addr; cat /etc/resolv.conf; wget -q -O- http://good.example/'
END
  assert_contains 'inet 192.0.2.1/24'
  assert_contains 'nameserver 169.254.1.1'
  assert_contains 'this is 192.0.2.80'
  run -0 grep good.example asked
}

@test "the host's loopback is closed to it, and opened where asked" {
  have bb
  run -0 in_world <<'END'
for address in 127.0.0.1 192.0.2.1 192.0.2.53 169.254.1.1; do
  ! in_bb --network pasta "wget -q -T 2 -O- http://$address:$http/names.json" || echo "$address is open"
done
if grep GET http.log; then echo "something is open"; fi
in_bb --network pasta:--map-gw "wget -q -O- http://192.0.2.53:$http/names.json"
in_bb --network "pasta:-T,$http" "wget -q -O- http://127.0.0.1:$http/names.json"
END
  refute_contains 'is open'
  [ "$(grep -c good.example <<<"$output")" -eq 2 ]
}

@test "ports are published, options are passed on, and inspect shows it" {
  have bb
  run -0 in_world <<'END'
box run -d --name box -p 127.0.0.1::80 --network pasta:--ns-ifname,out0,--mtu,1400 localhost/bb \
  sh -c 'ip -o link; echo published >/tmp/word; exec httpd -f -p 80 -h /tmp'
at=$(box port box 80)
until curl -sS "http://$at/word"; do sleep 0.05; done
box logs box
box inspect --format 'mode {{.HostConfig.NetworkMode}}' box
box rm -f box
END
  assert_contains published
  assert_contains 'out0'
  assert_contains 'mtu 1400'
  assert_contains 'mode pasta:--ns-ifname,out0,--mtu,1400'
}

@test "what it cannot do is said by name" {
  have bb
  run -125 sbx run --network pasta --net-allow example.org localhost/bb true
  assert_contains "--network pasta does without it"
  run -125 sbx run --network pasta:-t,80 localhost/bb true
  assert_contains "--publish does that"
  run -125 sbx run --network pasta:--no-such-option localhost/bb true
  assert_contains "no-such-option"
  assert_plain
  run -0 sbx ps -aq
  [ "$(grep -c . <<<"$output")" -le 3 ]
}

@test "where the program is missing that is said, with what to do" {
  have bb
  run -125 unshare --map-auto --map-root-user --mount sh -c \
    'mount --bind /dev/null /usr/bin/pasta &&
      exec "$SBX_PROGRAM" --root "$XDG_DATA_HOME/sbx" run --network pasta localhost/bb true'
  assert_contains "'pasta' is not installed"
  assert_contains 'apt-get install passt'
}

@test "pasta ends with its container, also where its sbx or monitor is killed" {
  have bb
  local mark sbx monitor
  mark="pasta.* --ns-ifname $(own_name) "
  is_up() { sbx exec box true && pgrep -f -- "$mark"; }
  are_gone() { ! pgrep -f -- "$mark"; }
  sbx run -d --name box --network "pasta:--ns-ifname,$(own_name),--ipv4-only" localhost/bb sleep 1000 >id 3>&-
  eventually is_up
  read -r _ _ _ monitor _ <"/proc/$(sbx inspect --format '{{.State.Pid}}' box)/stat"
  kill -KILL "$monitor"
  eventually are_gone
  sbx rm -f box
  sbx run -d --name box --network "pasta:--ns-ifname,$(own_name),--ipv4-only" localhost/bb sleep 1000 >id 3>&-
  eventually is_up
  sbx rm -f box
  eventually are_gone
  "$SBX_PROGRAM" run --rm --name box --network "pasta:--ns-ifname,$(own_name),--ipv4-only" localhost/bb sleep 1000 >out 2>&1 3>&- &
  sbx=$!
  eventually is_up
  kill -KILL $sbx
  wait $sbx || true
  eventually are_gone
}

# A name for a device that no other test of this run has.
own_name() { echo "p${BATS_ROOT_PID}n$BATS_TEST_NUMBER" | tail -c 16; }
