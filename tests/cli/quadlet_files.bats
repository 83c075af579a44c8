load ../support/sbx

made() { sbx quadlet --dryrun | grep -E '^---|^ExecStart' | sed 's/ExecStart=.*--rm //; s/---//g' | paste -sd ' '; }

@test "unit files are found in the folders that are named, the first of a name" {
  mkdir -p a/deep b
  printf '[Container]\nImage=first\n' >a/deep/web.container
  printf '[Container]\nImage=second\n' >b/web.container
  printf '[Container]\nImage=db\n' >b/db.container
  printf 'no unit\n' >b/README
  export QUADLET_UNIT_DIRS=$PWD/a::$PWD/b:$PWD/none
  [ "$(made)" = 'web.service first db.service db' ]
  rm a/deep/web.container
  ln -s /dev/null a/web.container
  [ "$(made)" = 'db.service db' ]
}

@test "unit files are found in the folders of a user" {
  mkdir -p "$XDG_CONFIG_HOME/containers/systemd" "$XDG_RUNTIME_DIR/containers/systemd"
  printf '[Container]\nImage=config\n' >"$XDG_CONFIG_HOME/containers/systemd/a.container"
  printf '[Container]\nImage=runtime\n' >"$XDG_RUNTIME_DIR/containers/systemd/b.container"
  [ "$(made)" = 'b.service runtime a.service config' ]
  unset XDG_CONFIG_HOME
  mkdir -p "$HOME/.config/containers/systemd"
  printf '[Container]\nImage=home\n' >"$HOME/.config/containers/systemd/c.container"
  run -0 sbx quadlet --dryrun
  assert_contains '---c.service---'
}

@test "drop-ins add to a unit, in the order of their names" {
  export QUADLET_UNIT_DIRS=$PWD/a:$PWD/b
  mkdir -p a/web.container.d b/web.container.d b/container.d
  printf '[Container]\nImage=base\n' >a/web.container
  printf '[Container]\nImage=ten\nEnvironment=A=1\n' >b/web.container.d/10.conf
  printf '[Container]\nImage=nine\n' >a/web.container.d/09.conf
  printf '[Container]\nImage=hidden\n' >b/web.container.d/09.conf
  printf '[Container]\nEnvironment=B=2\n' >b/container.d/20.conf
  printf '[Container]\nImage=ignored\n' >b/container.d/20.conf~
  [ "$(made)" = 'web.service --env A=1 --env B=2 ten' ]
  printf 'x\n' >b/container.d/30.conf
  run -125 sbx quadlet --dryrun
  assert_contains "$PWD/b/container.d/30.conf:1: 'x': KEY=VALUE belongs there"
}

@test "a folder that leads to itself is no trouble, one that cannot be read is named" {
  export QUADLET_UNIT_DIRS=$PWD/a
  mkdir a a/closed
  ln -s . a/again
  printf '[Container]\nImage=i\n' >a/web.container
  [ "$(made 2>/dev/null)" = 'web.service i' ]
  chmod 0 a/closed
  run -125 sbx quadlet --dryrun
  assert_contains "open '$PWD/a/closed': Permission denied"
  assert_contains '---web.service---'
}
