# sbx as a generator of systemd, which root has made it for all users.
load machine

setup_file() {
  setup_machine
  mkdir -p /etc/systemd/user-generators /etc/containers/systemd/users
  ln -s /payload/sbx /etc/systemd/user-generators/sbx-quadlet-generator
}

teardown_file() {
  as-dev systemctl --user stop everybody || true
  rm /etc/systemd/user-generators/sbx-quadlet-generator /etc/containers/systemd/users/everybody.container
  as-dev systemctl --user daemon-reload
}

state() { as-dev /payload/sbx inspect --format '{{.State.Status}}' systemd-everybody 2>/dev/null; }
runs() { [ "$(state)" = running ]; }

@test "systemd finds the services that sbx makes whenever it reads its units" {
  cat >/etc/containers/systemd/users/everybody.container <<'EOF'
[Container]
Image=oci:/payload/images:bb
Exec=sleep 600
RunInit=yes
[Install]
WantedBy=default.target
EOF
  as-dev systemctl --user daemon-reload
  run -0 as-dev systemctl --user show -p FragmentPath --value everybody
  [ "$output" = /run/user/1000/systemd/generator/everybody.service ]
  run -0 as-dev systemctl --user is-enabled everybody
  [ "$output" = generated ]
  as-dev systemctl --user start everybody
  eventually runs
  as-dev systemctl --user stop everybody
  run -125 as-dev /payload/sbx inspect systemd-everybody
}
