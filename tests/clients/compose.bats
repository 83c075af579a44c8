# podman-compose, with sbx in the place of podman.
load ../support/sbx

eval "own_$(declare -f setup)"

setup() {
  own_setup
  have bb
  mkdir project && cd project || return
  cat >docker-compose.yml <<'YAML'
version: "3"
services:
  web:
    image: localhost/bb:latest
    command: httpd -f -p 80 -h /etc
    ports: ["127.0.0.1::80"]
  client:
    image: localhost/bb:latest
    depends_on: [web]
    environment: { COLOUR: blue }
    volumes: ["data:/data"]
    command: sh -c 'until wget -q -O /data/who http://web/hostname; do sleep 0.1; done; cat /data/who; echo $$COLOUR; sleep 100'
volumes:
  data:
YAML
}

compose() { podman-compose --podman-path "$SBX_PROGRAM" "$@" 3>&-; }
has_said() { [ "$("$SBX_PROGRAM" logs project_client_1)" = "$1" ]; }

@test "podman-compose brings up services that find each other by name, and takes them down" {
  run -0 compose up -d
  local id
  id=$(sbx inspect --format '{{.Config.Hostname}}' project_web_1)
  eventually has_said "$id"$'\n'blue
  run -0 compose logs client
  assert_contains "$id"
  run -0 compose ps
  assert_contains project_web_1
  assert_contains project_client_1
  run -0 curl -sf "http://$(sbx port project_web_1 80)/hostname"
  assert_output "$id"
  run -0 compose stop -t 0
  run -0 sbx ps -q
  assert_output ''
  run -0 compose start
  eventually has_said "$id"$'\n'blue$'\n'"$id"$'\n'blue
  run -0 compose down -v -t 0
  run -0 sbx ps -aq
  assert_output ''
  run -0 sbx volume ls -q
  assert_output ''
}
