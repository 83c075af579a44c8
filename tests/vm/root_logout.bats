# Services of sbx when the person logs out: dev lingers, eve does not.
load machine

setup_file() {
  setup_machine
  cat >"$BATS_FILE_TMPDIR/begin" <<'EOF'
set -e
mkdir -p ~/.config/containers/systemd ~/.local/share/systemd/user ~/.config/systemd/user
printf '[Container]\nImage=oci:/payload/images:bb\nExec=sleep 600\nRunInit=yes\n' >~/.config/containers/systemd/stay.container
/payload/sbx quadlet ~/.local/share/systemd/user
/payload/sbx create -q --name made --init oci:/payload/images:bb sleep 600
/payload/sbx generate systemd -n made >~/.config/systemd/user/made.service
systemctl --user daemon-reload
systemctl --user start stay made
systemctl --user is-active stay made
EOF
  chmod a+rx "$BATS_FILE_TMPDIR" "$BATS_FILE_TMPDIR/begin"
}

teardown_file() {
  as-dev systemctl --user stop stay made || true
  as-dev /payload/sbx rm -f made
  as-dev rm -r /home/dev/.config/containers/systemd /home/dev/.local/share/systemd/user
  as-dev systemctl --user daemon-reload
  session eve /payload/sbx rm -f made # her services ended with her session
}

# session USER COMMAND...: as somebody who logs in for it, and out after it.
session() {
  local user=$1
  shift
  systemd-run -q --wait --pipe -p PAMName=login -p User="$user" -- env "HOME=/home/$user" \
    PATH=/usr/bin:/bin:/usr/sbin:/sbin sh -c 'XDG_RUNTIME_DIR=/run/user/$(id -u) exec "$@"' sh "$@"
}

@test "for who lingers they go on when the session ends" {
  run -0 session dev sh "$BATS_FILE_TMPDIR/begin"
  assert_contains active
  eventually sh -c '! loginctl list-sessions --no-legend | grep -qw dev'
  run -0 as-dev systemctl --user is-active stay made
  run -0 as-dev /payload/sbx ps --format '{{.Names}}' --sort names
  [ "$output" = $'made\nsystemd-stay' ]
  run -0 as-dev systemctl --user stop stay made
  run -0 as-dev /payload/sbx ps --format '{{.Names}}'
  [ "$output" = '' ]
}

@test "for who does not they end with the last session, which doctor has told" {
  run session eve /payload/sbx doctor
  assert_contains linger
  run -0 session eve sh "$BATS_FILE_TMPDIR/begin"
  eventually sh -c '! systemctl is-active --quiet user@$(id -u eve)'
  run -0 session eve /payload/sbx ps -a --format '{{.Names}} {{.State}}'
  [ "$output" = 'made exited' ]
}
