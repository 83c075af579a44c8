load ../support/sbx

@test "secret create keeps what a file has, and prints an id" {
  printf 'hunter2\n' >file
  run -0 sbx secret create --label kind=test db file
  [[ $output =~ ^[0-9a-f]{25}$ ]]
  run -0 sbx secret inspect --showsecret --format '{{.SecretData}}|{{.Spec.Labels.kind}}' db
  assert_output $'hunter2\n|test'
  [ "$(stat -c %a "$XDG_DATA_HOME/sbx/secrets/db")" = 600 ]
}

@test "a secret can come from standard input and from a variable" {
  printf typed | sbx secret create in -
  VALUE=set sbx secret create --env var VALUE
  run -0 sbx secret inspect --showsecret --format '{{.SecretData}}' in var
  assert_output $'typed\nset'
  run -125 sbx secret create --env other NO_SUCH_VARIABLE
  assert_contains "the variable 'NO_SUCH_VARIABLE' is not set"
}

@test "one that is there stays, unless it is to be replaced" {
  printf old | sbx secret create db -
  run -125 sbx secret create db - <<<new
  assert_contains "there is a secret 'db' already"
  run -0 sbx secret create --ignore db - <<<new
  run -0 sbx secret inspect --showsecret --format '{{.SecretData}}' db
  assert_output old
  printf new | sbx secret create --replace db -
  run -0 sbx secret inspect --showsecret --format '{{.SecretData}}' db
  assert_output new
}

@test "what is no secret is refused" {
  run -125 sbx secret create db /no/such/file
  run -125 sbx secret create db - </dev/null
  assert_contains 'the secret is empty'
  run -125 sbx secret create a/b - <<<x
  assert_contains "'a/b' is not a name for a secret"
  run -125 bash -c 'head -c 600000 /dev/zero | "$SBX_PROGRAM" secret create db -'
  run -125 sbx secret create -d shell db - <<<x
  assert_contains '--driver shell: there is file, and no other'
  run -0 sbx secret ls -q
  assert_output ''
}

@test "a container has a secret as a file that it cannot change" {
  have bb
  printf hunter2 | sbx secret create db -
  run -0 sbx run --rm --secret db localhost/bb sh -c 'cat /run/secrets/db; stat -c " %a %u" /run/secrets/db'
  assert_output 'hunter2 444 0'
  run -0 sbx run --rm --secret db,uid=5,gid=6,mode=0400,target=key localhost/bb stat -c '%a %u:%g' /run/secrets/key
  assert_output '400 5:6'
  run -1 sbx run --rm --secret db localhost/bb sh -c 'echo x >/run/secrets/db'
  run -1 sbx run --rm --secret db localhost/bb rm /run/secrets/db
  run -0 sbx run --rm --secret db,target=/etc/key localhost/bb sh -c 'cat /etc/key; ls -A /run/secrets'
  assert_output hunter2
  run -1 sbx run --rm --secret db,target=/etc/key localhost/bb sh -c 'echo x >/etc/key'
  run -0 sbx run --rm --read-only --secret db localhost/bb cat /run/secrets/db
}

@test "a container has a secret as a variable" {
  have bb
  printf hunter2 | sbx secret create db -
  run -0 sbx run --rm --secret db,type=env,target=DB -e DB=other localhost/bb sh -c 'echo $DB'
  assert_output hunter2
  run -0 sbx run --rm --secret db,type=env localhost/bb sh -c 'echo $db'
  assert_output hunter2
}

@test "exec and health checks have a secret as a variable, too, while there is one" {
  have bb
  printf hunter2 | sbx secret create db -
  sbx run -d --name box --secret db,type=env,target=DB --health-cmd 'echo $DB; test -n "$DB"' \
    --health-interval 1h localhost/bb sleep 60 3>&-
  run -0 sbx exec box sh -c 'echo $DB'
  assert_output hunter2
  run -0 sbx exec -e DB=other box sh -c 'echo $DB'
  assert_output other
  run -0 sbx healthcheck run box
  sbx secret rm db
  run -0 sbx exec box sh -c 'echo ${DB-none}'
  assert_output none
  sbx rm -f box
}

@test "a secret is nowhere but in the running container" {
  have bb
  printf hunter2 | sbx secret create db -
  sbx create --name box --secret db --secret db,type=env,target=DB --secret db,target=/etc/key localhost/bb true
  run -0 sbx inspect box
  refute_contains hunter2
  run -0 sbx inspect --format '{{(index .Config.Secrets 0).Name}}' box
  assert_output db
  run -0 sbx run --explain --secret db --secret db,type=env localhost/bb
  refute_contains hunter2
  assert_contains "secrets in '/run/secrets': 'db'"
  sbx start -a box
  mv "$XDG_DATA_HOME/sbx/secrets" .
  run grep -rs hunter2 "$XDG_DATA_HOME/sbx" "$XDG_RUNTIME_DIR"  # overlay has a folder nobody reads
  assert_output ''
  mv secrets "$XDG_DATA_HOME/sbx"
}

@test "a start takes the secret of the moment, and fails where it is gone" {
  have bb
  printf old | sbx secret create db -
  sbx create --name box --secret db localhost/bb cat /run/secrets/db
  printf new | sbx secret create --replace db -
  run -0 sbx start -a box
  assert_output new
  sbx secret rm db
  run -125 sbx start -a box
  assert_contains "there is no secret 'db'"
  run -125 sbx run --rm --secret db localhost/bb
  assert_contains "--secret db: there is no secret 'db'"
  run -125 sbx run --rm --secret db,colour=red localhost/bb
  assert_contains "unknown key 'colour'"
}
