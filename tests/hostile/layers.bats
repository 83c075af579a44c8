load hostile

setup_file() { make_layouts; }
teardown_file() { remove_layouts; }

@test "names and links that lead out of a layer are refused" {
  have bb
  each refuses <<'END'
dotdot               | leads out of the layer
symlink-file         | 'l/pwned': open '/l': No such file or directory
symlink-rel          | 'l/pwned': open '/l': No such file or directory
mkdir-thru-link      | 'l/pwned': open '/l': No such file or directory
flip                 | 'd/pwned': open '/d': No such file or directory
root-symlink         | it would replace the root of the layer
root-symlink2        | it would replace the root of the layer
hardlink-abs         | which the layer does not have
hardlink-rel         | leads out of the layer
hardlink-via-symlink | it links to 'l/secret', which the layer does not have
hardlink-lower       | it links to 'data/low', which the layer does not have
END
}

is() {
  shows "$1" "${2%% => *}" && assert_output "${2##* => }"
}

@test "names and links that mean something inside work inside" {
  have bb
  each is <<END
abs                 | cat etc/abs => x
symlink-over-file   | cat l => mine
chmod-thru-link     | stat -c %F:%h l m | uniq => symbolic link:1
hardlink-ok-absname | stat -c %h bin/a bin/b | uniq => 2
varrun              | cat run/pid => 1
implied             | cat a/b/c => x
dups                | cat a b => 2file
symlink-2layer      | ls => l
END
}

@test "whiteouts of what has no place in the layer are refused" {
  have bb
  each refuses <<'END'
wh-dotdot     | is a whiteout of nothing that has a name
wh-dot        | is a whiteout of nothing that has a name
wh-empty      | is a whiteout of nothing that has a name
wh-slash      | leads out of the layer
wh-thru-link  | 'l/.wh.secret': open 'l': Too many levels of symbolic links
opq-thru-link | 'l/.wh..wh..opq': open 'l': Too many levels of symbolic links
END
}

@test "whiteouts hide nothing of their own layer, in whatever order" {
  have bb
  each is <<'END'
wh-before | cat a/b => mine
wh-behind | cat a/b => mine
END
}

@test "devices and what overlay takes for marks are left out of a layer" {
  have bb
  each is <<'END'
devnodes | find . -type b -o -type c | wc -l => 0
chr00    | cat data/low => low
xattrs   | cat data/low; ls tmp/r => low
END
  local tree=$XDG_DATA_HOME/sbx/layers
  run unshare --map-auto --map-root-user find "$tree" '(' -type b -o -type c ')' -not -path '*/l/*'
  assert_output ''
  run unshare --map-auto --map-root-user getfattr -R -d -m - --absolute-names "$tree"
  refute_contains overlay
  refute_contains selinux
  refute_contains override_stat
  assert_contains user.mine
}

@test "a set-user-ID file of an image is out of reach of other users" {
  have bb
  sbx pull -q "oci:$SBX_LAYOUTS/setuid:t"
  [ "$(stat -c %a "$XDG_DATA_HOME/sbx")" = 700 ]
  run unshare --map-auto --map-root-user find "$XDG_DATA_HOME/sbx/layers" -perm -4000
  assert_contains bin/su
}

@test "headers of a layer that cannot be true are refused" {
  have bb
  each refuses <<'END'
neg-size     | its size is not a number that may stand there
huge-size    | 'f': Tar entry size overflow
mtime        | 'mtime=1e20' is not a time in the years 0 to 9999
bigid        | 'uid=4294967295' is not a number from 0 to 4294967294
unmapped-id  | user 4000000000, group 0, which your subordinate ids do not reach
pax-huge     | more than 1048576
pax-nul      | contains a NUL byte
pax-len-lie  | its pax header is malformed
gnu-longname | is longer than 4095 bytes
path4097     | is longer than 4095 bytes
name256      | is longer than 255 bytes
bad-checksum | the checksum of its header is wrong
truncated    | Truncated tar archive
sparse1      | its map of holes is larger than 1048576 bytes
deeper       | is deeper than 1024 folders
END
}

@test "headers of a layer that are merely odd work" {
  have bb
  each is <<'END'
name255         | ls | wc -L => 255
global-path     | ls => f
ctrlname        | ls -1 | wc -c => 17
nfc-nfd         | find . -type f | wc -l => 2
no-end          | cat f => x
trailing        | cat f => x
pax-size-desync | echo * => last outer
dir10k          | ls d | wc -l => 10000
deep            | find . -type f | wc -c => 2050
hardlinks       | echo $(ls | wc -l) $(($(du -k . | cut -f1) < 2000)) => 20001 1
END
}

@test "compressed data that are damaged are refused" {
  have bb
  each refuses <<'END'
gz-trailing   | what should be a gzip header is none
gz-badcrc     | the gzip data do not fit their checksum
gz-trunc      | the gzip data are cut short
xz            | 'application/vnd.oci.image.layer.v1.tar+xz' is not supported
zstd-window31 | requires too much memory
END
}

@test "the first bytes of a layer say how it is compressed" {
  have bb
  each is <<'END'
gz-multi       | wc -c <f => 1000
mislabel       | wc -c <f => 1000
mislabel-zstd  | wc -c <f => 1000
mislabel-plain | wc -c <f => 1000
zstd           | wc -c <f => 1000
END
}

@test "a layer that swells a thousandfold takes little memory" {
  have bb
  ulimit -v 524288
  is gz-bomb 'wc -c <zeros => 1073741824'
}

@test "an image has up to 500 layers" {
  each runs <<'END'
layers128 | read a </f1; read b </f127; echo $a-$b => 1-127
layers500 | read a </f1; read b </f499; echo $a-$b => 1-499
END
  have bb
  refuses layers501 "'layers' has 501 entries, more than 500"
}

runs() {
  run -0 sbx run -q --rm --network none "oci:$SBX_LAYOUTS/$1:t" /bin/sh -c "${2%% => *}" &&
    assert_output "${2##* => }"
}

@test "documents that mean different things to different readers are refused" {
  have bb
  each refuses <<'END'
wrong-mediatype | it says it is 'application/vnd.oci.image.index.v1+json', but came as
confused        | may be read as an index too
dupkeys         | the member 'layers' stands there twice
trailing-json   | not valid JSON
deep-json       | nested deeper than 64
huge-manifest   | larger than 4194304 bytes
huge-config     | more than 4194304
END
  is casekeys 'echo * => f g'
}

@test "digests and sizes that do not hold are refused" {
  have bb
  each refuses <<'END'
bad-size             | where 88 belong
neg-desc-size        | 'size' is -1
bad-diffid           | where the configuration says
layer-count-mismatch | the manifest names 2 layers, and the configuration 3 diff ids
corrupt-blob         | do not fit their checksum
digest-trav          | '../../../index.json' is not a digest
digest-upper         | 64 lower-case hex digits belong
digest-short         | 64 lower-case hex digits belong
digest-md5           | it has to begin with 'sha256:'
digest-empty         | it has to begin with 'sha256:'
digest-nocolon       | it has to begin with 'sha256:'
END
}
