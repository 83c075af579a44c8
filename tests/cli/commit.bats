load ../support/sbx

config_of() { sbx inspect --format "{{json .Config.$2}}" "$1"; }

@test "commit makes an image of what a container has added, changed and deleted" {
  have app
  sbx run --name box -u 0 --entrypoint sh localhost/app -c 'rm /srv/kept/.x 2>/dev/null
    echo 12345 >/new; echo third >/srv/replaced; rm -r /home; chmod 700 /root
    rm -r /srv/old; mkdir /srv/old; touch /srv/old/fresh
    mkdir -p /deep/er; ln /new /deep/er/linked; ln -s ../new /deep/link; chown -R 1000:29 /deep'
  run -0 sbx commit -q box localhost/made
  [[ $output =~ ^[0-9a-f]{64}$ ]]
  [ "$(sbx inspect --format '{{.Id}}' localhost/made)" = "sha256:$output" ]
  run -0 sbx run --rm -u 0 --entrypoint sh localhost/made -c 'cat /new /deep/er/linked /deep/link /srv/replaced
    ls /srv/old; test -e /home || echo no home; stat -c %a /root; stat -c %u:%g /deep/er/linked /deep/link
    test /new -ef /deep/er/linked && echo one file; cat /data/seed'
  assert_output $'12345\n12345\n12345\nthird\nfresh\nno home\n700\n1000:29\n1000:29\none file\nseed'
}

@test "commit keeps what was mounted, and what sbx made for that, out of the image" {
  have bb
  printf hidden | sbx secret create token -
  mkdir host && echo host >host/file
  sbx run --name box --secret token --secret token,type=env,target=TOKEN -v "$PWD/host:/host" -v /vol \
    --tmpfs /scratch localhost/bb sh -c 'echo in >/vol/file; echo in >/scratch/file; cat /run/secrets/token
    echo $TOKEN; echo mine >/mine'
  sbx commit box localhost/made
  sbx create --name look localhost/made
  run -0 bash -c '"$SBX_PROGRAM" diff box; "$SBX_PROGRAM" export box | tar -t >/dev/null'
  assert_output 'A /mine'
  layer=$(jq -r '.layers[-1].digest | ltrimstr("sha256:")' <<<"$(manifest localhost/made)")
  run -0 tar -tzf "$XDG_DATA_HOME/sbx/images/blobs/sha256/$layer"
  assert_output mine
  run -1 grep -rq hidden "$XDG_DATA_HOME/sbx/images"
  refute_contains hidden "$(config_of localhost/made Env)"
}

# The manifest of an image, as it lies in the layout.
manifest() {
  local digest
  digest=$(sbx inspect --format '{{.Digest}}' "$1")
  cat "$XDG_DATA_HOME/sbx/images/blobs/sha256/${digest#sha256:}"
}

@test "commit of a container that runs, is paused, is still, or never ran" {
  have bb
  "$SBX_PROGRAM" run --name box localhost/bb sh -c 'echo 1 >/file; touch /up; sleep 1000' 3>&- &
  local pid=$!
  eventually sbx exec box test -e /up
  sbx commit box localhost/running
  sbx commit -p box localhost/stood-still
  run -0 sbx ps --format '{{.Names}} {{.State}}'
  assert_output 'box running'
  sbx pause box
  sbx commit -p box localhost/paused
  run -0 sbx ps --format '{{.Names}} {{.State}}'
  assert_output 'box paused'
  sbx unpause box
  sbx kill box
  assert_ends_with 137 $pid
  sbx commit box localhost/stopped
  for name in running stood-still paused stopped; do
    run -0 sbx run --rm localhost/$name cat /file
    assert_output 1
  done
  sbx create --name new localhost/bb true
  sbx commit new localhost/new
  run -0 sbx run --rm localhost/new
  sbx rm box new
}

@test "commit takes over how the container was run" {
  have app
  sbx create --name box -e MINE=1 --unsetenv GREETING -w /srv -u 0:29 -l mine=yes --entrypoint '["sh","-c"]' \
    -t --stop-signal TERM localhost/app 'echo words'
  sbx commit -a 'Bob <b@example.org>' -m 'why it is' box localhost/made
  run -0 sbx run --rm localhost/made
  assert_output words
  run -0 sbx inspect --format '{{json .Config}}' localhost/made
  assert_output '{"User":"0:29","Env":["PATH=/bin","MINE=1"],"Entrypoint":["sh","-c"],"Cmd":["echo words"],"Volumes":{"/data":{}},"WorkingDir":"/srv","Labels":{"mine":"yes","org.example.kind":"test"},"StopSignal":"SIGTERM"}'
  run -0 sbx inspect --format '{{.Author}}|{{len .RootFS.Layers}}|{{(index .History 0).created_by}}' localhost/made
  assert_contains 'Bob <b@example.org>|4|'
  run -0 bash -c '"$SBX_PROGRAM" history --no-trunc --format "{{.CreatedBy}}|{{.Comment}}" localhost/made | head -1'
  assert_output 'sh -c echo words|why it is'
}

@test "commit takes changes" {
  have bb
  sbx create --name box -v /vol localhost/bb sh -c 'exit 3'
  sbx commit -c 'CMD ["echo","changed"]' -c 'ENV A=1 B="x y"' -c 'EXPOSE 80' -c 'LABEL k=v' -c 'ONBUILD RUN make' \
    -c 'STOPSIGNAL INT' -c 'USER nina' -c 'VOLUME /data' -c 'WORKDIR /tmp' -c 'ENTRYPOINT ["env"]' \
    --include-volumes box localhost/made
  run -0 sbx inspect --format '{{json .Config}}' localhost/made
  assert_output '{"User":"nina","ExposedPorts":{"80/tcp":{}},"Env":["PATH=/bin","A=1","B=x y"],"Entrypoint":["env"],"Cmd":["echo","changed"],"Volumes":{"/vol":{},"/data":{}},"WorkingDir":"/tmp","Labels":{"k":"v"},"StopSignal":"INT","OnBuild":["RUN make"]}'
  run -0 sbx run --rm localhost/made
  assert_output changed
}

@test "commit --squash makes one layer of all, and --iidfile has its id" {
  have app
  sbx run --name box -u 0 -v /srv/kept --entrypoint sh localhost/app -c 'rm -r /home; echo new >/new'
  run -0 sbx commit -s --iidfile id box localhost/made
  assert_output "$(cat id)"
  run -0 sbx inspect --format '{{len .RootFS.Layers}} {{len .History}}' localhost/made
  assert_output '1 1'
  run -0 sbx run --rm -u 0 --entrypoint sh localhost/made -c 'cat /new /srv/replaced; ls -a /srv; test -e /home || echo no home
    test /bin/ls -ef /bin/cat && echo one file; ls -d /srv/work'
  assert_output $'new\nsecond\n.\n..\nkept\nold\nreplaced\nwork\nno home\none file\n/srv/work'
}

@test "umoci and skopeo read what commit has made" {
  have app
  sbx run --name box -u 0 --entrypoint sh localhost/app -c 'rm -r /home /srv/kept; mkdir -m 1770 /new; touch /new/file
    rm /srv/replaced; mkdir /srv/replaced; touch /srv/replaced/inside'
  sbx commit box localhost/made
  skopeo copy -q --insecure-policy "oci:$XDG_DATA_HOME/sbx/images:localhost/made:latest" oci:copy:made
  skopeo inspect "oci:copy:made" | jq -e '.Layers | length == 4'
  umoci --log=error unpack --rootless --image copy:made bundle
  [ -e bundle/rootfs/new/file ]
  [ -e bundle/rootfs/srv/replaced/inside ]
  [ ! -e bundle/rootfs/home ]
  [ ! -e bundle/rootfs/srv/kept ]
  [ "$(stat -c %a bundle/rootfs/new)" = 1770 ]
  skopeo copy -q --insecure-policy "oci:$XDG_DATA_HOME/sbx/images:localhost/made:latest" docker-archive:made.tar
  sbx rmi -f localhost/made
  run -0 sbx load -q -i made.tar
}

@test "the same changes are the same layer, and an image may be made of an image's container" {
  have bb
  sbx run --name box localhost/bb sh -c 'echo 1 >/one'
  sbx commit box localhost/one
  sbx commit -m again box localhost/again
  [ "$(sbx inspect --format '{{json .RootFS.Layers}}' localhost/one)" = \
    "$(sbx inspect --format '{{json .RootFS.Layers}}' localhost/again)" ]
  [ "$(manifest localhost/one | jq -r '.layers[-1].digest')" = "$(manifest localhost/again | jq -r '.layers[-1].digest')" ]
  sbx run --name next localhost/one sh -c 'echo 2 >/two; rm /one'
  sbx commit next localhost/two
  run -0 sbx run --rm localhost/two sh -c 'cat /two; ls /one 2>/dev/null || echo gone'
  assert_output $'2\ngone'
  sbx rm box next
  sbx rmi localhost/bb localhost/one localhost/again
  run -0 sbx run --rm localhost/two cat /two
  assert_output 2
}

@test "what is mounted behind a link of the image is no change either" {
  have bb
  sbx run --name box localhost/bb sh -c 'mkdir -p /real/deeper; ln -s real /link; ln -s ../link/deeper /etc/there'
  sbx commit box localhost/links
  sbx run --name next -v one:/link/data -v two:/etc/there/x localhost/links sh -c 'touch /link/data/f; touch /link/mine'
  run -0 sbx diff next
  assert_output 'C /real
A /real/mine'
  for how in --squash --quiet; do
    sbx commit $how next localhost/made
    run -0 sbx run --rm localhost/made ls -R /real
    assert_output $'/real:\ndeeper\nmine\n\n/real/deeper:'
  done
}

@test "commit leaves out names that mean something else in a layer, and says so" {
  have bb
  sbx run --name box localhost/bb sh -c 'touch /.wh.bin /srv; mkdir /tmp/.wh.d; touch /tmp/.wh.d/f'
  run -0 --separate-stderr sbx commit box localhost/made
  output=$stderr
  assert_contains "'.wh.bin' is left out"
  assert_contains "'tmp/.wh.d' is left out"
  run -0 sbx run --rm localhost/made ls -d /bin /srv
  assert_output $'/bin\n/srv'
  run -0 --separate-stderr sbx commit -q box
  [ -z "$stderr" ]
}

@test "a name that is too long for a whiteout is refused, or goes with all others" {
  have bb
  sbx run --name box localhost/bb sh -c 'touch /$(printf "x%.0s" $(seq 255))'
  sbx commit box localhost/long
  sbx run --name next localhost/long sh -c 'rm /xxx*; touch /deleted'
  run -125 sbx commit next localhost/made
  assert_contains 'its name is too long for a layer to say so'
  assert_contains 'hint: a layer of all files'
  sbx commit --squash next localhost/made
  run -0 sbx run --rm localhost/made sh -c 'ls -d /xxx* 2>/dev/null || ls /deleted'
  assert_output /deleted
}

@test "commit refuses what it cannot do, and then nothing is left" {
  have bb
  run -125 sbx commit nosuch
  assert_contains "there is no container 'nosuch'"
  mkdir -p root/bin
  cp "$(command -v busybox)" root/bin/sh
  sbx create --name folder --rootfs root /bin/sh
  run -125 sbx commit folder
  assert_contains "cannot commit 'folder': its root is a folder here, not an image"
  sbx create --name box localhost/bb true
  run -125 sbx commit -f docker box
  assert_contains "images are OCI's here"
  run -125 sbx commit -f other box
  run -125 sbx commit -c 'FROM x' box
  assert_contains "--change 'FROM x'"
  run -125 sbx commit box UPPER
  assert_contains "'UPPER' is not an image name"
  run -125 sbx commit box "localhost/x@sha256:$(printf '0%.0s' {1..64})"
  run -0 sbx images --quiet
  [ "${#lines[@]}" = 1 ]
  [ -z "$(ls "$XDG_DATA_HOME/sbx/tmp")" ]
}

@test "a commit that is interrupted makes no image, and has the container go on" {
  have bb
  "$SBX_PROGRAM" run --name box localhost/bb sh -c 'truncate -s 60G /big; touch /up; sleep 1000' 3>&- &
  local pid=$!
  eventually sbx exec box test -e /up
  "$SBX_PROGRAM" commit -p box localhost/made 3>&- &
  local commit=$!
  eventually sh -c '"$SBX_PROGRAM" ps --format "{{.State}}" | grep -q paused'
  kill -TERM $commit
  assert_ends_with 143 $commit
  run -0 sbx ps --format '{{.State}}'
  assert_output running
  run -1 sbx image exists localhost/made
  sbx rm -f box
  assert_ends_with 137 $pid
  sbx system prune -f
  [ -z "$(ls "$XDG_DATA_HOME/sbx/tmp")" ]
}

@test "variables in --change stand for what the container has" {
  have bb
  sbx run --name box -e DIR=/srv localhost/bb true
  sbx commit -q -c 'ENV PATH=/x:$PATH WHERE="${DIR}/a" KEPT='"'"'$DIR'"'" box localhost/first
  sbx run --name next localhost/first true
  sbx commit -q -c 'ENV PATH=/y:$PATH' next localhost/second
  run -0 sbx inspect --format '{{join .Config.Env " "}}' localhost/second
  assert_contains 'WHERE=/srv/a KEPT=$DIR'
  assert_contains 'PATH=/y:/x:'
  run -125 sbx commit -c 'ENV A=${B' box localhost/third
  assert_contains "--change 'ENV A=\${B': '\${B' wants a '}'"
}
