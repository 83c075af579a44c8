load ../support/sbx

# box: a container of bb that runs. Ends with end_box.
start_box() {
  have bb
  "$SBX_PROGRAM" run --name box "$@" localhost/bb sh -c 'mkdir -p /srv/d; touch /up; sleep 1000' 3>&- &
  box=$!
  eventually sbx exec box test -e /up
}

end_box() {
  sbx rm -f box
  assert_ends_with 137 $box
}

inside() { sbx exec box "$@"; }

# A folder of everything that cp has to do with, and beside it what it may not.
make_things() {
  mkdir -p things/inner canary
  echo text >things/file
  ln things/file things/hard
  ln -s file things/link
  ln -s /nowhere things/dangling
  mkfifo things/fifo
  echo deep >things/inner/deep
  chmod 750 things/inner
  chmod 4755 things/file
  echo secret >canary/secret
}

@test "cp into an overlay of a container that does not run is for its next life" {
  have bb
  mkdir src
  echo host >src/file
  echo put >put
  sbx create --name box -v ./src:/o:O localhost/bb sh -c 'cat /o/*; echo written >/o/written' >/dev/null
  sbx cp box:/o/file seen
  [ "$(<seen)" = host ]
  sbx cp put box:/o/put
  [ "$(ls src)" = file ]
  run -0 sbx start -a box
  assert_output $'host\nput'
  sbx cp box:/o/written seen
  [ "$(<seen)" = written ]
  run -0 sbx start -a box
  assert_output host
  sbx cp put box:/o/put
  run -0 sbx start -a box
  assert_output $'host\nput'
  run -125 sbx cp put box:/none/at/all
  run -0 sbx start -a box
  assert_output host
  [ "$(ls src)" = file ]
}

@test "what cp has put into an overlay is there after a start that failed" {
  have bb
  mkdir src
  echo put >put
  mkdir bin
  sbx create --name box -v ./src:/o:O -v ./bin:/b localhost/bb /b/show >/dev/null
  sbx cp put box:/o/put
  run -127 sbx start -a box
  printf '#!/bin/sh\ncat /o/put\n' >bin/show
  chmod 755 bin/show
  run -0 sbx start -a box
  assert_output put
}

@test "cp knows the overlay of a container with other ids" {
  have bb
  mkdir src
  echo put >put
  sbx create --name box --userns keep-id -v ./src:/o:O localhost/bb \
    sh -c 'ls /o; echo written >/o/written' >/dev/null
  run -0 sbx start -a box
  assert_output ''
  sbx cp box:/o/written seen
  [ "$(<seen)" = written ]
  sbx cp put box:/o/put
  run -0 sbx start -a box
  assert_output put
  run -0 sbx start -a box
  assert_output ''
}

@test "cp takes a file into a running container, and out of it" {
  start_box
  echo text >file
  chmod 640 file
  touch -d '2001-02-03 04:05:06' file
  run -0 sbx cp file box:/srv/new
  assert_output ''
  run -0 inside stat -c '%u:%g %a %y' /srv/new
  assert_contains '0:0 640 2001-02-03'
  run -0 sbx cp file box:srv
  run -0 inside cat /srv/file
  assert_output text
  run -0 sbx cp box:/srv/new out
  run -0 cat out
  assert_output text
  [ "$(stat -c %u:%a out)" = "$(id -u):640" ]
  run -0 sbx cp box:/srv/d .
  [ -d d ]
  end_box
}

@test "cp works on a container that does not run, and on one that was never started" {
  have bb
  make_things
  sbx create --name box localhost/bb sh -c 'cat /srv/things/inner/deep; stat -c %u /srv/things/file; mkdir /made; echo 1 >/made/x'
  run -0 sbx cp things box:/var/lib/
  run -0 sbx cp box:/var/lib/things copy
  run -0 cat copy/inner/deep
  assert_output deep
  run -0 sbx cp things/. box:/srv
  run -0 sbx cp things box:/srv
  run -0 sbx start -a box
  assert_output $'deep\n0'
  run -0 sbx cp box:/made/x -
  run -0 sbx cp box:/made .
  run -0 cat made/x
  assert_output 1
}

@test "cp keeps links, hard links, fifos, modes and times of a folder, and joins folders" {
  start_box
  make_things
  run -0 sbx cp things box:/srv
  run -0 inside sh -c 'cd /srv/things; readlink link; readlink dangling; stat -c "%h %a %u" file; test -p fifo; stat -c %a inner; cat inner/deep'
  assert_output $'file\n/nowhere\n2 4755 0\n750\ndeep'
  inside sh -c 'echo more >/srv/things/more; chmod 700 /srv/things'
  run -0 sbx cp things box:/srv
  run -0 inside sh -c 'cat /srv/things/more; stat -c %a /srv/things'
  assert_output $'more\n700'
  run -0 sbx cp box:/srv/things back
  run -1 diff -r --no-dereference things back -x fifo
  assert_output $'Only in back: more'
  # Set-id bits stay inside.
  [ "$(stat -c '%h %a' back/file)" = '2 755' ]
  [ -p back/fifo ]
  run -0 sbx cp -a box:/srv/things kept
  [ "$(stat -c %a kept/file)" = 4755 ]
  end_box
}

@test "cp -a keeps owners, and without it all is root's inside and yours outside" {
  start_box
  inside sh -c 'echo x >/srv/hers; chown nina:audio /srv/hers; ln -s x /srv/link; chown -h nina /srv/link'
  run -0 sbx cp box:/srv/hers .
  [ "$(stat -c %u hers)" = "$(id -u)" ]
  run -0 bash -c '"$SBX_PROGRAM" cp box:/srv - | "$SBX_PROGRAM" cp -a - box:/tmp'
  run -0 inside stat -c '%u:%g' /tmp/srv/hers /tmp/srv/link
  assert_output $'1000:29\n1000:0'
  run -0 bash -c '"$SBX_PROGRAM" cp box:/srv - | "$SBX_PROGRAM" cp - box:/var'
  run -0 inside stat -c '%u:%g' /var/srv/hers
  assert_output '0:0'
  end_box
}

@test "cp follows docker's rules about what is there and what is not" {
  start_box
  make_things
  echo text >file
  run -125 sbx cp file box:/no/such/name
  assert_contains "there is no folder '/no/such/'"
  run -125 sbx cp file box:/srv/new/
  assert_contains "there is no folder '/srv/new/'"
  run -125 sbx cp nosuch box:/srv
  assert_contains 'No such file or directory'
  run -125 sbx cp box:/nosuch .
  assert_contains 'No such file or directory'
  run -125 sbx cp file/ box:/srv
  assert_contains 'Not a directory'
  run -125 sbx cp things box:/etc/passwd
  assert_contains "'/etc/passwd' is a file"
  run -0 sbx cp things/. box:/srv/content
  run -0 inside ls /srv/content/inner
  assert_output deep
  run -0 sbx cp things/inner/ box:/srv/renamed
  run -0 inside cat /srv/renamed/deep
  assert_output deep
  run -125 sbx cp things nosuch:/srv
  assert_contains "there is no container 'nosuch'"
  run -125 sbx cp file other
  assert_contains 'one side of a copy has to be in a container'
  run -125 sbx cp - box:/etc/passwd <file
  echo 'a:b' >'a:b'
  run -0 sbx cp ./a:b box:/srv/
  run -0 inside cat /srv/a:b
  assert_output a:b
  end_box
}

@test "cp of a folder over a file, and of a file over a folder, is refused without --overwrite" {
  start_box
  mkdir -p src/one
  echo file >src/two
  inside sh -c 'mkdir -p /srv/src/two/kept; echo old >/srv/src/one'
  run -125 sbx cp src box:/srv
  assert_contains 'is no folder there, and is to become one'
  inside rm /srv/src/one
  run -125 sbx cp src box:/srv
  assert_contains 'is a folder there, and is to become none'
  inside test -d /srv/src/two/kept
  run -0 sbx cp --overwrite src box:/srv
  run -0 inside cat /srv/src/two
  assert_output file
  end_box
}

@test "cp of a symbolic link copies the link, with -L what it leads to, and writes through none" {
  start_box
  inside sh -c 'echo target >/srv/target; ln -s target /srv/link; ln -s /srv/d /srv/dir; ln -s d/new /srv/dangling; ln -s /etc /srv/etc'
  run -0 sbx cp box:/srv/link .
  [ "$(readlink link)" = target ]
  run -0 sbx cp -L box:/srv/link followed
  run -0 cat followed
  assert_output target
  echo text >file
  # As the destination it is followed, inside the container.
  run -0 sbx cp file box:/srv/dir
  run -0 inside cat /srv/d/file
  assert_output text
  run -0 sbx cp file box:/srv/dangling
  run -0 inside sh -c 'cat /srv/d/new; readlink /srv/dangling'
  assert_output $'text\nd/new'
  run -0 sbx cp file box:/srv/etc/made
  run -0 inside cat /etc/made
  assert_output text
  [ ! -e /etc/made ]
  # In a tree it is never followed: what would be copied into it is refused.
  mkdir -p tree/etc
  echo x >tree/etc/planted
  run -125 sbx cp tree/. box:/srv
  assert_contains 'is no folder there'
  run -1 inside test -e /etc/planted
  end_box
}

@test "cp never leaves the container by links, '..' or archives that name what is above" {
  start_box
  make_things
  inside sh -c "ln -s $PWD/canary /srv/abs; ln -s ../../../../../../..$PWD/canary /srv/rel"
  run -125 sbx cp box:/srv/abs/secret .
  run -125 sbx cp -L box:/srv/rel out
  [ ! -e out ]
  run -125 sbx cp box:"/../../../../../..$PWD/canary/secret" out
  echo planted >planted
  run -125 sbx cp planted box:/srv/abs/planted
  run -125 sbx cp planted box:/srv/rel/planted
  [ "$(ls canary)" = secret ]
  [ "$(cat canary/secret)" = secret ]
  python3 - <<'PY'
import io, tarfile
def tar(name, *members):
    with tarfile.open(name, "w") as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
def info(name, kind=tarfile.REGTYPE, target=""):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname, entry.mode = kind, target, 0o644
    return entry
tar("up.tar", (info("../escaped"), b"x"))
tar("link.tar", (info("l", tarfile.SYMTYPE, "/etc"), b""), (info("l/through"), b"x"))
tar("hard.tar", (info("h", tarfile.LNKTYPE, "../../etc/passwd"), b""))
tar("dev.tar", (info("null", tarfile.CHRTYPE), b""), (info("beside"), b"x"))
PY
  run -125 sbx cp - box:/srv/d <up.tar
  run -125 sbx cp - box:/srv/d <link.tar
  run -1 inside test -e /etc/through
  run -125 sbx cp - box:/srv/d <hard.tar
  run -0 sbx cp - box:/srv/d <dev.tar
  assert_contains "'null' is a device, and is left out"
  run -0 inside ls /srv/d
  assert_output $'beside\nl'
  end_box
}

@test "cp out of a container that exchanges its folders for links to the host's gets the container's file or none" {
  have bb
  make_things
  "$SBX_PROGRAM" run --name box localhost/bb sh -c "mkdir /d /n; echo inside >/d/secret
    ln -s $PWD/canary /l; touch /up; while :; do mv /d /t; mv /l /d; mv /d /l; mv /t /d; done" 3>&- &
  box=$!
  local i
  eventually sbx exec box test -e /up
  echo planted >in
  for i in {1..60}; do
    rm -rf out
    run sbx cp box:/d/secret out
    [ ! -e out ] || [[ $(cat out) =~ ^(inside|planted)$ ]]  # both are the container's
    run sbx cp in box:/d/in
    run sbx cp in box:/d/secret
    inside sh -c 'for f in /d /t; do [ ! -f $f/secret ] || echo inside >$f/secret; done' || true
  done
  [ "$(ls canary)" = secret ]
  [ "$(cat canary/secret)" = secret ]
  end_box
}

@test "cp sees volumes, of a container that runs and of one that does not, and writes to files that are mounted" {
  mkdir host
  echo seen >host/file
  start_box -v ./host:/mnt/host -v ./host:/mnt/ro:ro
  run -0 bash -c '"$SBX_PROGRAM" cp box:/mnt/host/file - | tar -x -O'
  assert_output seen
  echo '127.0.0.1 here' >hosts
  run -0 sbx cp hosts box:/etc/hosts
  run -0 inside cat /etc/hosts
  assert_output '127.0.0.1 here'
  run -0 sbx cp box:/proc/version .
  run -0 cmp version /proc/version
  run -125 sbx cp hosts box:/mnt/ro/
  assert_contains 'Read-only file system'
  sbx exec box kill -9 -1 || true
  sbx rm -f box
  assert_ends_with 137 $box
  sbx create --name box -v ./host:/mnt/host localhost/bb true
  run -0 sbx cp hosts box:/mnt/host/
  run -0 cat host/hosts
  assert_output '127.0.0.1 here'
}

@test "cp - writes and reads archives as tar does, compressed ones as well" {
  start_box
  make_things
  run -0 bash -c 'tar -cz things | "$SBX_PROGRAM" cp - box:/srv'
  run -0 inside cat /srv/things/inner/deep
  assert_output deep
  run -0 bash -c '"$SBX_PROGRAM" cp box:/srv/things - | tar -t'
  assert_contains things/inner/deep
  run -0 bash -c '"$SBX_PROGRAM" cp box:/srv/things/. - | tar -t'
  assert_contains ./inner/deep
  run -0 bash -c '"$SBX_PROGRAM" cp box:/dev/null - | tar -tv'
  [[ $output == crw* ]]
  run -125 sbx cp box:/dev/null .
  assert_contains "'null' is a device, which is not copied"
  [ ! -e null ]
  run -125 sbx cp - box:/srv <<<'no tar'
  run -125 bash -c 'tar -c things | head -c 700 | "$SBX_PROGRAM" cp - box:/srv'
  end_box
}

@test "cp copies from container to container, and within one" {
  start_box
  inside sh -c 'echo one >/srv/file; chown nina /srv/file'
  sbx create --name two localhost/bb stat -c '%u' /var/lib/srv/file
  run -0 sbx cp -a box:/srv two:/var/lib
  run -0 sbx start -a two
  assert_output 1000
  run -0 sbx cp two:/var/lib/srv/file box:/tmp/again
  run -0 sbx cp box:/tmp/again box:/tmp/within
  run -0 inside cat /tmp/within
  assert_output one
  run -125 sbx cp two:/etc/passwd two:/etc/copy
  assert_contains 'only while it runs'
  end_box
}

@test "names with control characters are copied as they are, and shown as escapes" {
  start_box
  inside sh -c 'd=$(printf "/srv/e\033[31m"); mkdir "$d"; echo x >"$d/.wh.name"'
  run -0 sbx cp "box:/srv/$(printf 'e\033[31m')" .
  run -0 cat "$(printf 'e\033[31m')/.wh.name"
  assert_output x
  run -125 sbx cp "box:/srv/$(printf 'no\033[31m')" .
  assert_contains '\x1b'
  end_box
}

@test "what is empty in a file takes no room in its copy" {
  have bb
  sbx run --name box localhost/bb sh -c 'truncate -s 300M /x; echo end >>/x'
  echo longer >x
  run -0 sbx cp box:/x .
  [ "$(stat -c %s x)" = $((300 * 1024 * 1024 + 4)) ]
  [ "$(tail -c 4 x)" = end ]
  [ "$(stat -c %b x)" -lt 2048 ]
}

# Whoever copies the other way has the first one's lock, and waits for the second's.
@test "copies between two containers that do not run lock them in one order, whatever the way" {
  have bb
  local folder=$XDG_RUNTIME_DIR/sbx/containers first second pid lock
  sbx create localhost/bb true >ids
  sbx create localhost/bb true >>ids
  first=$(sort ids | head -n 1)
  second=$(sort ids | tail -n 1)
  for way in "$first:/etc/passwd $second:/x" "$second:/etc/passwd $first:/x"; do
    exec {lock}<>"$folder/$first/lock"
    flock "$lock"
    "$SBX_PROGRAM" cp $way 3>&- {lock}>&- &
    pid=$!
    sleep 0.5
    kill -0 $pid
    flock -n "$folder/$second/lock" true
    exec {lock}>&-
    wait $pid
  done
}

@test "cp reads from a paused container, and does not write to it" {
  start_box
  echo text >file
  sbx exec box sh -c 'echo inside >/srv/there'
  sbx pause box
  run -125 sbx cp file box:/srv/new
  assert_contains 'the container is paused'
  run -0 sbx cp box:/srv/there out
  [ "$(<out)" = inside ]
  sbx unpause box
  run -0 sbx cp file box:/srv/new
  end_box
}
