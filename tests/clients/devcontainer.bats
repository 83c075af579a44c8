# The development containers' client, with sbx in the place of docker.
load ../support/sbx

eval "own_$(declare -f setup)"

setup() {
  own_setup
  have bb
  mkdir -p work/.devcontainer
  cat >work/.devcontainer/devcontainer.json <<'JSON'
{
  "image": "localhost/bb:latest",
  "remoteUser": "root",
  "containerEnv": { "COLOUR": "blue" },
  "postCreateCommand": "echo made >made-inside"
}
JSON
}

devcontainer() {
  local verb=$1
  shift
  "$SBX_CLIENTS/node_modules/.bin/devcontainer" "$verb" --docker-path "$SBX_PROGRAM" --workspace-folder "$PWD/work" "$@"
}

up() { devcontainer up >up.json 2>up.log 3>&- || { cat up.log; return 1; }; }

@test "devcontainer up makes a container, once, and runs what is to be run in it" {
  up
  [ "$(jq -r .outcome up.json)" = success ]
  [ "$(<work/made-inside)" = made ]
  local id
  id=$(jq -r .containerId up.json)
  run -0 sbx ps -q --no-trunc
  assert_output "$id"
  up
  [ "$(jq -r .containerId up.json)" = "$id" ]
  sbx stop -t 1 "$id"
  up # starts it again
  [ "$(jq -r .containerId up.json)" = "$id" ]
  run -0 sbx ps -q --no-trunc
  assert_output "$id"
  sbx rm -fa
}

@test "devcontainer exec runs programs in it, with its environment and their status" {
  up
  run -0 devcontainer exec sh -c 'echo $COLOUR; cat made-inside'
  assert_contains $'blue\nmade'
  run -3 devcontainer exec sh -c 'exit 3'
  sbx rm -fa
}
