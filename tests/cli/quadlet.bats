load ../support/sbx

setup_units() {
  units=$XDG_CONFIG_HOME/containers/systemd
  mkdir -p "$units"
}

@test "quadlet writes services, and links for [Install]" {
  setup_units
  printf '[Container]\nImage=localhost/bb\nVolume=data.volume:/data\nExec=sleep 5\n[Install]\nWantedBy=default.target\n' \
    >"$units/web.container"
  : >"$units/data.volume"
  run -0 sbx quadlet out
  assert_output ''
  local sbx
  sbx=$(readlink -f "$SBX_PROGRAM")
  grep -Fqx "ExecStart=$sbx run --name systemd-web --replace --rm --volume systemd-data:/data localhost/bb sleep 5" out/web.service
  grep -Fqx 'Requires=data-volume.service' out/web.service
  grep -Fqx "Environment=XDG_DATA_HOME=$XDG_DATA_HOME" out/web.service
  grep -Fqx "ExecStart=$sbx volume create --ignore systemd-data" out/data-volume.service
  [ "$(readlink out/default.target.wants/web.service)" = ../web.service ]
  [ -s out/default.target.wants/web.service ]
}

@test "quadlet takes away what it has written before, and nothing else" {
  setup_units
  printf '[Container]\nImage=i\n[Install]\nWantedBy=a.target\nAlias=www.service\n' >"$units/web.container"
  mkdir out
  echo '[Unit]' >out/own.service
  ln -s own.service out/alias.service
  run -0 sbx quadlet out
  printf '[Container]\nImage=i\n' >"$units/own.container"
  run -125 sbx quadlet out
  assert_contains "'own.service' is there, and sbx has not written it"
  [ "$(<out/own.service)" = '[Unit]' ]
  rm "$units/own.container"
  run -0 sbx quadlet out
  [ -L out/www.service ]
  mv "$units/web.container" "$units/other.container"
  sed -i '/Alias/d' "$units/other.container"
  run -0 sbx quadlet out
  run -0 find out ! -type d -printf '%P\n'
  [ "$(sort <<<"$output")" = $'a.target.wants/other.service\nalias.service\nother.service\nown.service' ]
}

@test "a variable of services is told as it is" {
  setup_units
  printf '[Container]\nImage=i\n' >"$units/web.container"
  XDG_DATA_HOME='/a$b%c' run -0 sbx quadlet --dryrun
  assert_contains 'Environment=XDG_DATA_HOME=/a$b%%c'
}

@test "quadlet --dryrun prints, and writes nothing" {
  setup_units
  printf '[Container]\nImage=i\n[Install]\nWantedBy=a.target\n' >"$units/web.container"
  run -0 sbx quadlet --dryrun --user
  assert_contains '---web.service---'
  assert_contains 'link: a.target.wants/web.service -> ../web.service'
  run -125 sbx quadlet
  assert_contains 'name the folder for the services'
  run -125 sbx quadlet a b c d
}

@test "a unit that is wrong is named with its line, and others are made" {
  setup_units
  printf '[Container]\nImage=i\nTimezone=local\n' >"$units/bad.container"
  printf '[Container]\nnothing\n' >"$units/worse.container"
  printf '[Container]\nImage=i\nServiceName=good\n' >"$units/other.container"
  printf '[Container]\nImage=i\n' >"$units/good.container"
  run -125 sbx quadlet out
  assert_contains "$units/bad.container:3: unsupported key 'Timezone' in section 'Container'"
  assert_contains "$units/worse.container:2: 'nothing': KEY=VALUE belongs there"
  assert_contains "'good.service' is made from $units/good.container already"
  [ "$(ls out)" = good.service ]
}

@test "under the name of a generator sbx is one" {
  setup_units
  printf '[Container]\nImage=i\n' >"$units/web.container"
  ln -s "$SBX_PROGRAM" sbx-quadlet-generator
  run -0 ./sbx-quadlet-generator normal early late
  [ "$(ls normal)" = web.service ]
  [ ! -e early ]
}

@test "a container, its network and its pod are three services" {
  setup_units
  printf '[Unit]\nDescription=50%% off\n[Container]\nImage=localhost/bb\nExec=sh -c "echo \\"a b\\"; exit 1"\nNetwork=n.network\nPod=p.pod\n' \
    >"$units/web.container"
  : >"$units/n.network"
  : >"$units/p.pod"
  run -0 sbx quadlet "$PWD/out"
  [ "$(ls out)" = $'n-network.service\np-pod.service\nweb.service' ]
}
