# Containers that systemd starts, as the user dev, who lingers.
load machine

setup_file() {
  setup_machine
  sbx create -q --name unit --stop-timeout 5 oci:/payload/images:bb sh -c \
    'trap "exit 0" TERM; while :; do sleep 0.1; done'
  mkdir -p ~/.config/systemd/user
  sbx generate systemd -n --restart-sec 0 unit >~/.config/systemd/user/unit.service
  systemctl --user daemon-reload
}

teardown_file() {
  systemctl --user stop unit
  rm ~/.config/systemd/user/unit.service
  sbx rm -f unit
}

state() { sbx inspect --format '{{.State.Status}} {{.State.ExitCode}}' unit; }
state_is() { [ "$(state)" = "$1" ]; }

@test "a unit starts its container, and stops it" {
  systemctl --user start unit
  eventually state_is 'running 0'
  systemctl --user stop unit
  state_is 'exited 0'
  run -3 systemctl --user is-active unit
  [ "$output" = inactive ]
}

@test "a container that fails is started again by its unit" {
  systemctl --user start unit
  eventually state_is 'running 0'
  local first
  first=$(sbx inspect --format '{{.State.Pid}}' unit)
  sbx kill -s KILL unit
  is_another() { state_is 'running 0' && [ "$(sbx inspect --format '{{.State.Pid}}' unit)" != "$first" ]; }
  eventually is_another
  systemctl --user stop unit
  state_is 'exited 0'
}

@test "a container with a restart policy of its own is left to it" {
  sbx create -q --name own --restart always oci:/payload/images:bb sleep 600
  sbx generate systemd -n own >~/.config/systemd/user/own.service
  systemctl --user daemon-reload
  systemctl --user start own
  local first
  first=$(sbx inspect --format '{{.State.Pid}}' own)
  kill -KILL "$first"
  runs_again() { [[ $(sbx inspect --format '{{.State.Status}} {{.State.Pid}}' own) == "running "* ]] &&
    [ "$(sbx inspect --format '{{.State.Pid}}' own)" != "$first" ]; }
  eventually runs_again
  systemctl --user stop own
  run -0 sbx inspect --format '{{.State.Status}}' own
  [ "$output" = exited ]
  rm ~/.config/systemd/user/own.service
  sbx rm own
}

@test "doctor knows that what was started stays" {
  run -0 sbx doctor
  assert_contains 'containers stay when you log out'
}

@test "a unit made with --new makes its container, and leaves none" {
  sbx run -q -d --name fresh oci:/payload/images:bb sh -c 'trap "exit 0" TERM; while :; do sleep 0.1; done' 3>&-
  sbx generate systemd --new -n fresh >~/.config/systemd/user/fresh.service
  sbx rm -f -t 5 fresh
  systemctl --user daemon-reload
  run -0 systemd-analyze --user verify ~/.config/systemd/user/fresh.service
  [ "$output" = '' ]
  systemctl --user start fresh
  is() { [ "$(sbx inspect --format '{{.State.Status}}' fresh 2>/dev/null)" = "$1" ]; }
  eventually is running
  run -0 systemctl --user status fresh
  assert_contains 'Active: active (running)'
  systemctl --user stop fresh
  run -1 sbx container exists fresh
  run -3 systemctl --user is-active fresh
  [ "$output" = inactive ]
  rm ~/.config/systemd/user/fresh.service
}
