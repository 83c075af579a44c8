load ../support/sbx

# An image "checked": bb, whose configuration asks for this Healthcheck.
have_checked() {
  cp -r "$SBX_IMAGES" "$HOME/images"
  python3 - "$HOME/images" "$1" <<'END'
import hashlib, json, pathlib, sys
layout = pathlib.Path(sys.argv[1])

def load(descriptor):
    return json.loads((layout / "blobs/sha256" / descriptor["digest"].split(":")[1]).read_text())

def store(descriptor, document):
    data = json.dumps(document).encode()
    digest = hashlib.sha256(data).hexdigest()
    (layout / "blobs/sha256" / digest).write_bytes(data)
    return {**descriptor, "digest": "sha256:" + digest, "size": len(data)}

index = json.loads((layout / "index.json").read_text())
tag = "org.opencontainers.image.ref.name"
entry = next(m for m in index["manifests"] if m["annotations"][tag] == "bb")
manifest = load(entry)
config = load(manifest["config"])
config["config"]["Healthcheck"] = json.loads(sys.argv[2])
manifest["config"] = store(manifest["config"], config)
made = store(entry, manifest)
made["annotations"] = {tag: "checked"}
index["manifests"] = [made]
(layout / "index.json").write_text(json.dumps(index))
END
  local id
  id=$(sbx pull -q "oci:$HOME/images:checked") && sbx tag "$id" localhost/checked
}

status_of() { sbx ps -a --filter "name=^$1$" --format '{{.Status}}'; }
is() { [[ $(status_of "$1") == *"($2)" ]]; }

@test "healthcheck run checks now, tells by its status, and records what it found" {
  have bb
  sbx run -d --name box --health-cmd 'echo looked; test -f /good' --health-interval disable \
    --health-retries 2 localhost/bb sleep 1000 3>&-
  [[ $(status_of box) == 'Up '*' (health: starting)' ]]
  run -1 sbx healthcheck run box
  assert_output starting
  run -1 sbx healthcheck run box
  assert_output unhealthy
  [[ $(status_of box) == 'Up '*' (unhealthy)' ]]
  run -0 sbx healthcheck run --ignore-result box
  sbx exec box touch /good
  run -0 sbx healthcheck run box
  assert_output ''
  [[ $(status_of box) == 'Up '*' (healthy)' ]]
  run -0 sbx inspect --format \
    '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{range .State.Health.Log}}{{.ExitCode}}:{{.Output}}{{end}}' box
  assert_output $'healthy 0 1:looked\n1:looked\n1:looked\n0:looked'
  run -0 sbx inspect --format '{{json .Config.Healthcheck.Test}}' box
  assert_output '["CMD-SHELL","echo looked; test -f /good"]'
  sbx rm -f box
}

@test "the monitor checks by itself, ps filters by what it finds, and the end keeps it for inspect" {
  have bb
  sbx run -d --name good --health-cmd '["test", "-d", "/bin"]' --health-interval 100ms localhost/bb sleep 1000 3>&-
  sbx run -d --name bad --health-cmd 'sleep 1000' --health-interval 100ms --health-timeout 100ms \
    --health-retries 1 localhost/bb sleep 1000 3>&-
  sbx run -d --name other localhost/bb sleep 1000 3>&-
  eventually is good healthy
  eventually is bad unhealthy
  run -0 sbx ps --filter health=healthy --format '{{.Names}}'
  assert_output good
  run -0 sbx ps --filter health=unhealthy --format '{{.Names}}'
  assert_output bad
  run -0 sbx ps --filter health=none --format '{{.Names}}'
  assert_output other
  sbx stop -t 0 bad
  run -0 sbx inspect --format '{{.State.Status}} {{.State.Health.Status}}' bad
  assert_output 'exited unhealthy'
  sbx start bad 3>&-
  eventually is bad unhealthy
  sbx rm -fa
}

@test "the image's own check is used, and options go before it" {
  have bb
  have_checked '{"Test": ["CMD-SHELL", "test -f /good"], "Interval": 1000000000, "Retries": 1}'
  sbx run -d --name box localhost/checked sleep 1000 3>&-
  eventually is box unhealthy
  sbx exec box touch /good
  eventually is box healthy
  sbx rm -f box
  sbx create --name own --health-cmd true --health-retries 5 localhost/checked true
  run -0 sbx inspect --format '{{json .Config.Healthcheck}}' own
  assert_contains '"Test":["CMD-SHELL","true"],"Interval":1000000000'
  assert_contains '"Retries":5'
  sbx create --name without --no-healthcheck localhost/checked true
  run -0 sbx inspect --format '{{json .Config}}' without
  refute_contains Healthcheck
}

@test "an image is not refused for a check that means nothing" {
  have bb
  have_checked '{"Test": ["CURL", "localhost"]}'
  run -0 sbx run --rm localhost/checked echo fine
  assert_output fine
}

@test "run --rm checks as well, and goes with its end" {
  have bb
  "$SBX_PROGRAM" run --rm --name box --health-cmd true --health-interval 100ms localhost/bb \
    sh -c 'while ! test -f /go; do sleep 0.05; done; echo through' >output 3>&- &
  eventually is box healthy
  sbx exec box touch /go
  assert_ends_with 0 $!
  [ "$(cat output)" = through ]
  run -0 sbx ps -aq
  assert_output ''
}

@test "what is unhealthy is killed where that is asked for" {
  have bb
  run -137 timeout 20 "$SBX_PROGRAM" run --rm --health-cmd false --health-interval 100ms --health-retries 1 \
    --health-on-failure kill localhost/bb sh -c 'trap "" TERM; while :; do sleep 0.1; done'
}

@test "healthcheck run says what cannot be" {
  have bb
  run -125 sbx healthcheck run nosuch
  assert_contains "cannot check the health of 'nosuch': there is no container"
  sbx create --name none localhost/bb true
  run -125 sbx healthcheck run none
  assert_contains "cannot check the health of 'none': it has no health check"
  sbx create --name still --health-cmd true localhost/bb true
  run -125 sbx healthcheck run still
  assert_contains "cannot check the health of 'still': the container does not run"
  run -125 sbx healthcheck
  assert_contains "'healthcheck' wants a command of its own"
  run -125 sbx ps --filter health=fine
  assert_contains "--filter health: 'fine' is not starting, healthy or unhealthy"
}

@test "bad values of the options are refused by name, and nothing is made" {
  have bb
  local options
  for options in '--health-cmd=' '--health-cmd=[]' '--health-interval=soon' '--health-timeout=0' \
    '--health-retries=0' '--health-start-period=-1s' '--health-start-interval=0' '--health-on-failure=pray'; do
    run -125 sbx create --health-cmd true "$options" localhost/bb true
    assert_contains "${options%%=*}"
  done
  run -125 sbx create --no-healthcheck --health-cmd true localhost/bb true
  assert_contains '--no-healthcheck and --health-cmd exclude each other'
  run -125 sbx create --health-retries 2 localhost/bb true
  assert_contains '--health-retries: there is no health check'
  run -125 sbx create --rm --health-cmd true --health-on-failure restart localhost/bb true
  assert_contains '--health-on-failure'
  run -0 sbx ps -aq
  assert_output ''
}
