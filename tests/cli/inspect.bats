load ../support/sbx

@test "inspect shows a container as docker does" {
  have bb
  sbx create --name box -it -h inner -v ./:/here:ro -e A=1 -u nina -w /tmp localhost/bb sh -c 'exit 1'
  field() { sbx inspect --format "{{$1}}" box; }
  [ "$(field .Name)" = box ]
  [ "$(field .State.Status)" = created ]
  [ "$(field .Config.Hostname)" = inner ]
  [ "$(field .Config.User)" = nina ]
  [ "$(field .Config.WorkingDir)" = /tmp ]
  [ "$(field '.Config.Tty}} {{.Config.OpenStdin')" = 'true true' ]
  [ "$(field 'join .Config.Cmd "|"')" = 'sh|-c|exit 1' ]
  [ "$(field '(index .Mounts 0).Destination')" = /here ]
  [[ $(field 'join .Config.Env " "') == *A=1* ]]
}

@test "inspect shows an image, and a container first where both have the name" {
  have bb app
  run -0 sbx inspect --format '{{join .Config.Entrypoint " "}} {{.Config.User}} {{.Config.WorkingDir}}' localhost/app
  assert_output '/bin/echo entry nina /srv/work'
  sbx tag localhost/app both
  sbx create --name both localhost/bb true
  run -0 sbx inspect --format '{{.Name}}' both
  assert_output both
  run -0 sbx inspect --type image --format '{{.Os}}' both
  assert_output linux
  run -0 sbx image inspect --format '{{.Os}}' both
}

@test "inspect is JSON that a program reads, one document for each name" {
  have bb app
  run -0 bash -c '"$SBX_PROGRAM" inspect localhost/bb localhost/app | python3 -c "import json, sys; print(len(json.load(sys.stdin)))"'
  assert_output 2
}

@test "what is not there is named, and the others are shown" {
  have bb
  run -125 sbx inspect --format '{{.Os}}' nosuch localhost/bb
  assert_output $'sbx: cannot inspect \'nosuch\': there is no container, image, volume or network \'nosuch\'\nlinux'
  run -125 sbx inspect --type container localhost/bb
  assert_contains "there is no container 'localhost/bb'"
  run -125 sbx inspect --type volume localhost/bb
  assert_contains "there is no volume 'localhost/bb'"
  run -125 sbx inspect --type pod localhost/bb
  assert_contains "--type: 'pod' is none of all, container, image, volume, network"
}

@test "a template keeps its own line breaks; what a terminal obeys is escaped" {
  have bb
  sbx create --name box -e "EVIL=$(printf 'a\033[31m')" localhost/bb true
  run -0 sbx inspect --format '{{range .Config.Env}}{{println .}}{{end}}' box
  [ "${#lines[@]}" -gt 1 ]
  assert_contains 'EVIL=a\x1b[31m'
  run -0 sbx inspect --format '{{.Name}}\t{{println .Name}}x' box
  assert_output $'box\tbox\nx'
}

@test "inspect shows a volume, alone and where nothing else has the name" {
  sbx volume create data
  run -0 sbx inspect --format '{{.Mountpoint}}' data
  assert_output "$XDG_DATA_HOME/sbx/volumes/data/data"
  run -0 sbx volume inspect --format '{{.Name}} {{.MountCount}}' data
  assert_output 'data 0'
  sbx volume create other
  run -0 sbx volume inspect --all --format '{{.Name}}'
  assert_output $'data\nother'
  run -125 sbx volume inspect none
  assert_contains "there is no volume 'none'"
  run -125 sbx volume inspect
  assert_contains 'name volumes, or give --all'
  run -125 sbx volume inspect --all data
}

@test "inspect shows what a container was given of the host" {
  have bb
  sbx create --name box --tmpfs /t --cap-drop chown --security-opt no-new-privileges localhost/bb true >/dev/null
  run -0 sbx inspect --format '{{json .HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.HostConfig.Privileged}} {{json .NetworkSettings.Ports}}' box
  assert_output '["CAP_CHOWN"] [no-new-privileges] false {}'
  sbx create --name all --privileged localhost/bb true >/dev/null
  run -0 sbx inspect --format '{{.HostConfig.Privileged}}' all
  assert_output true
}

@test "inspect tells the entrypoint from the command" {
  have bb
  sbx create --name box --entrypoint '["echo","a"]' localhost/bb b >/dev/null
  run -0 sbx inspect --format '{{json .Config.Entrypoint}} {{json .Config.Cmd}} {{.Path}} {{json .Args}}' box
  assert_output '["echo","a"] ["b"] echo ["a","b"]'
}
