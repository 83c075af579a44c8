load hostile

setup_file() {
  export BATS_NO_PARALLELIZE_WITHIN_FILE=true  # the log is one
  export HOSTILE=$BATS_FILE_TMPDIR/registry HOSTILE_PID PORTS
  mkdir "$HOSTILE"
  mkfifo "$HOSTILE/ports"
  python3 "$BATS_TEST_DIRNAME/../support/hostile_registry.py" "$HOSTILE" >"$HOSTILE/ports" 3>&- &
  HOSTILE_PID=$!
  read -r PORTS <"$HOSTILE/ports"
}

teardown_file() { kill "$HOSTILE_PID"; }

host() { echo "127.0.0.1:$(jq -r ".$1" <<<"$PORTS")"; }

# pull PORT [OPTION...] REPOSITORY: with a password for it, into a store of its own. The port named
# "plain" may speak http, "other" does.
pull() {
  local port=$1
  STORE=$(mktemp -d "$HOME/store.XXXXXX")
  printf '[registry."%s"]\ninsecure = true\n' "$(host plain)" >"$XDG_CONFIG_HOME/sbx/sbx.toml"
  run sbx --root "$STORE" pull -q --retry 2 --retry-delay 1ms --cert-dir "$HOSTILE" \
    --creds bob:s3cret "${@:2:$#-2}" "$(host "$port")/${!#}"
}

# refused PORT [OPTION...] REPOSITORY REASON
refused() {
  local reason=${!#}
  pull "${@:1:$#-1}"
  [ "$status" -eq 125 ] || { echo "status $status: $output"; return 1; }
  assert_contains "$reason" && assert_plain && nothing_is_stored
}

nothing_is_stored() {
  run -0 find "$STORE" -type f -regex '.*/\(blobs\|layers\|image-[a-z]*\)/.*'
  assert_output ''
}

works() {
  local port=$1 repository=$2
  pull "$port" "$repository:1"
  [ "$status" -eq 0 ] || { echo "status $status: $output"; return 1; }
  run -0 sbx --root "$STORE" images -q && [ "${#lines[@]}" -eq 1 ]
}

# Who was told the password or a token: the names of ports.
knows_a_secret() { jq -r 'select(.authorization != null) | .port' "$HOSTILE/log" | sort -u; }
asked() { jq -r .port "$HOSTILE/log" | sort -u; }

@test "a layer whose bytes are not those of the manifest is refused" {
  each refused plain <<'END'
open/flip:1      | the checksum of its header is wrong
open/extra:1     | sends more than the 3000000 bytes it should have
open/short:1     | ends it after 1000 bytes of 3000000
open/webblob:1   | not a registry's reply (text/html)
open/gone:1      | says: blob unknown to registry (404)
open/forbidden:1 | says: requested access is denied (403)
END
}

@test "a manifest that is not what it should be is refused" {
  each refused plain <<'END'
open/wrongdigest:1 | but what it sends is
open/huge:1        | sends more than 4194304 bytes
open/headers:1     | sends more than 65536 bytes of headers
open/html:1        | not a registry's reply (text/html)
open/html502:1     | answered 502: not a registry's reply
open/unknown:1     | says: manifest unknown (404)
END
}

@test "by digest, nothing but the bytes of the digest is taken" {
  local other=sha256:0000000000000000000000000000000000000000000000000000000000000000
  refused plain "open/good@$other" 'sends a manifest that has another digest'
}

@test "what a registry says cannot steer the terminal, and is cut" {
  each refused plain <<'END'
open/escape:1   | says: \x1b]0;owned\x07
open/bigerror:1 | says: xxxx
END
  [ "${#output}" -lt 1500 ]
}

@test "connections that break, stall or lie about ranges do no harm" {
  local name
  for name in cut-1000000 cutnorange-1000000 badrange-1000000 slow nolength b500-1 b503-1 m500-1; do
    works plain "open/$name" || { echo "^ case $name"; return 1; }
  done
  each refused plain <<'END'
open/cutall-1000:1        | cut the connection
open/cutallnorange-1000:1 | cut the connection
open/b500-99:1            | says: slow down (500)
END
}

@test "redirects that lead nowhere good are not followed" {
  each refused plain <<'END'
open/redirloop:1    | more than 10 redirects
open/redirfile:1    | 'file:///etc/passwd' is not a URL that is followed
open/redirnowhere:1 | redirects, but not to anywhere
open/redirtls:1     | the certificate of
END
  each refused tls <<'END'
open/redirect:1   | redirects from https to plain http
open/redirplain:1 | redirects from https to plain http
END
}

@test "no other host learns a password or a token by a redirect" {
  : >"$HOSTILE/log"
  works plain basic/redirect
  works plain bearer/redirect
  refused plain basic/redir401:1 'authentication required (401)'
  [ "$(asked)" = $'other\nplain' ]
  [ "$(knows_a_secret)" = plain ]
}

@test "no other host is asked for a token" {
  : >"$HOSTILE/log"
  each refused plain <<'END'
realm/good:1     | wants its password to be sent to
metadata/good:1  | 'http://169.254.169.254/latest', which is not safe
filerealm/good:1 | 'file' is neither http nor https
norealm/good:1   | does not say where its tokens are had
nonsense/good:1  | WWW-Authenticate cannot be read
END
  each refused tls <<'END'
realm/good:1      | which is not safe
plainrealm/good:1 | which is not safe
END
  [ "$(asked)" = $'plain\ntls' ]
  [ "$(knows_a_secret)" = '' ]
}

@test "a token service that misbehaves is refused" {
  each refused tls <<'END'
never/good:1    | says: incorrect username or password (401)
bigtoken/good:1 | sends more than 1048576 bytes
badtoken/good:1 | there is no token in the answer
END
  works tls expire/cut-1000000
  works tls both/good
}

@test "a registry that is not who it says is refused, and learns no password" {
  : >"$HOSTILE/log"
  refused tls_wrong basic/good:1 "no alternative certificate subject name matches"
  refused tls_expired basic/good:1 'certificate has expired'
  refused tls_old basic/good:1 'TLS with'
  refused other basic/good:1 'speaks plain http: --tls-verify=false, or insecure = true below [registry.'
  [ ! -s "$HOSTILE/log" ]
}

@test "a list of tags has an end, and stays with its registry" {
  each refused plain --all-tags <<'END'
open/tagsaway | continues its list of tags at another host
open/tagsloop | sends a page of tags that leads to itself
open/tagsbad  | is not a list of links
open/tags     | the manifest: 'schemaVersion' is missing
END
}
