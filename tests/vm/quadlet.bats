# Services that sbx makes from unit files, and systemd runs, as the user dev, who lingers.
load machine

setup_file() {
  setup_machine
  mkdir -p ~/.config/containers/systemd ~/.local/share/systemd/user
}

teardown_file() {
  systemctl --user stop web.service app-pod.service data-volume.service lan-network.service || true
  rm -r ~/.config/containers/systemd ~/.local/share/systemd/user
  systemctl --user daemon-reload
  sbx volume rm systemd-data
  sbx network rm systemd-lan
}

unit() { cat >~/.config/containers/systemd/"$1"; }

made() {
  sbx quadlet ~/.local/share/systemd/user
  systemctl --user daemon-reload
}

state() { sbx inspect --format '{{.State.Status}}' "$1" 2>/dev/null; }
runs() { [ "$(state "$1")" = running ]; }
is_gone() { ! sbx container exists "$1"; }

@test "a container is started with the volume and the network that it names" {
  unit data.volume </dev/null
  unit lan.network </dev/null
  unit web.container <<'EOF'
[Unit]
Description=A test
[Container]
Image=oci:/payload/images:bb
Volume=data.volume:/data
Network=lan.network
Environment="GREETING=hello 100%%" HOME_OF=%h
Exec=sh -c 'echo "$${GREETING} $${HOME_OF}" >/data/out; trap "exit 0" TERM; while :; do sleep 0.1; done'
StopTimeout=5
[Service]
Restart=on-failure
RestartSec=0
[Install]
WantedBy=default.target
EOF
  made
  run -0 systemd-analyze --user verify ~/.local/share/systemd/user/web.service
  [ "$output" = '' ]
  systemctl --user start web
  eventually runs systemd-web
  systemctl --user is-active data-volume lan-network
  wrote() { [ "$(sbx exec systemd-web cat /data/out)" = "hello 100% $HOME" ]; }
  eventually wrote
  [ -n "$(sbx inspect --format '{{.NetworkSettings.Networks}}' systemd-web | grep systemd-lan)" ]
  [ "$(systemctl --user show -p WantedBy --value web)" = default.target ]
}

@test "it is started again when it fails, and is gone when it is stopped" {
  local first
  first=$(sbx inspect --format '{{.Id}}' systemd-web)
  sbx kill -s KILL systemd-web
  is_another() { runs systemd-web && [ "$(sbx inspect --format '{{.Id}}' systemd-web)" != "$first" ]; }
  eventually is_another
  systemctl --user stop web
  eventually is_gone systemd-web
  run -3 systemctl --user is-active web
  [ "$output" = inactive ]
  run -0 sbx volume exists systemd-data
}

@test "a pod starts its containers, and takes them with it" {
  printf '[Pod]\nPodName=app\n' | unit app.pod
  printf '[Container]\nImage=oci:/payload/images:bb\nPod=app.pod\nExec=sleep 600\nRunInit=yes\n' |
    unit one.container
  made
  systemctl --user start app-pod
  eventually runs systemd-one
  [ "$(sbx pod ps --format '{{.Name}} {{.Status}}')" = 'app Running' ]
  systemctl --user stop app-pod
  eventually is_gone systemd-one
  run -1 sbx pod exists app
}

@test "a template is started as an instance" {
  printf '[Container]\nImage=oci:/payload/images:bb\nExec=sh -c "echo I am %%i >/tmp/out; sleep 600"\nRunInit=yes\n' |
    unit many@.container
  made
  systemctl --user start many@two
  eventually runs systemd-many_two
  said() { [ "$(sbx exec systemd-many_two cat /tmp/out)" = 'I am two' ]; }
  eventually said
  systemctl --user stop many@two
}
