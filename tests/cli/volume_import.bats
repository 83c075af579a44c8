load ../support/sbx

@test "volume import unpacks what volume export has written" {
  have bb
  sbx run --rm -v one:/d localhost/bb sh -c 'echo x >/d/f; chown 7:8 /d/f; chown 5:6 /d; chmod 700 /d'
  sbx volume create two
  "$SBX_PROGRAM" volume export one | sbx volume import two -
  run -0 sbx run --rm -v two:/d localhost/bb sh -c 'cat /d/f; stat -c "%u:%g %a" /d/f /d'
  assert_output $'x\n7:8 644\n5:6 700'
}

@test "a container that runs sees what is imported, from a compressed archive too" {
  have bb
  mkdir src && echo hello >src/new
  tar -czf src.tgz -C src .
  sbx run -d --name box -v data:/d localhost/bb sh -c 'echo mine >/d/own; until [ -e /d/new ]; do sleep 0.05; done
    cat /d/own /d/new' 3>&-
  eventually sbx exec box test -e /d/own
  run -0 sbx volume import data src.tgz
  assert_output ''
  run -0 sbx wait box
  run -0 sbx logs box
  assert_output $'mine\nhello'
}

@test "no link of an archive or of the volume leads out of it" {
  have bb
  mkdir out && echo mine >out/file
  sbx run --rm -v data:/d localhost/bb ln -s "$PWD/out" /d/way
  mkdir -p way && echo planted >way/file
  run tar -cf plant.tar way/file
  run sbx volume import data plant.tar
  [ "$(<out/file)" = mine ]
  python3 - <<'PY'
import tarfile, io
with tarfile.open("up.tar", "w") as tar:
    for name in ("../up", "a/../../up", "/abs"):
        info = tarfile.TarInfo(name)
        info.size = 1
        tar.addfile(info, io.BytesIO(b"x"))
PY
  run sbx volume import data up.tar
  [ ! -e "$XDG_DATA_HOME/sbx/volumes/up" ]
  [ ! -e "$XDG_DATA_HOME/sbx/volumes/data/up" ]
}

@test "volume import refuses what is no archive, and what is not there" {
  sbx volume create data
  echo no archive >file
  run -125 sbx volume import data file
  assert_contains "cannot import into 'data'"
  run -125 sbx volume import data /no/such.tar
  assert_contains "open '/no/such.tar'"
  run -125 bash -c '"$SBX_PROGRAM" volume import data - </dev/null'
  assert_contains 'the archive is empty'
  run -125 sbx volume import nosuch file
  assert_contains "there is no volume 'nosuch'"
  run -125 on_terminal -- "$SBX_PROGRAM" volume import data -
  assert_contains 'standard input is a terminal'
}
