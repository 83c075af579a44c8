# A container that has sbx itself executed in it, to change it (CVE-2019-5736): each test's sbx is a
# copy that belongs to the person, as the root of their containers does.
load hostile
load ../support/oci

eval "hostile_$(declare -f setup)"
setup() {
  hostile_setup
  cp "$SBX_PROGRAM" own-sbx
  chmod 755 own-sbx
  SBX_PROGRAM=$HOME/own-sbx
  state_of_sbx >before
}

state_of_sbx() { stat -c '%a %u %g %s %h' own-sbx; sha256sum own-sbx; }
sbx_is_unchanged() { diff <(state_of_sbx) before; }

finished() { grep -q '^done' out/report; }

# Host's Python in a container "c", which attacks: a program of this folder's, and for how many
# seconds.
plant() {
  mkdir -p out && chmod 777 out
  "$SBX_PROGRAM" run --name c --network none -v /usr:/usr:ro -v /usr/lib:/lib:ro \
    -v /usr/lib64:/lib64:ro -v "$BATS_TEST_DIRNAME:/probe:ro" -v "$HOME/out:/out" localhost/bb \
    /usr/bin/python3 "/probe/$1" "$2" </dev/null >/dev/null 2>&1 3>&- &
  eventually test -e out/ready
}

# Has sbx executed inside over and over, and once more with its input open so that it stays a while.
attack_by() {
  local i
  for i in {1..15}; do
    "$@" /out/script >/dev/null 2>&1 </dev/null || true
    "$@" /out/link version >/dev/null 2>&1 </dev/null || true
  done
  sleep 3 | "$@" /out/link load >/dev/null 2>&1 || true
}

@test "a container cannot change sbx by /proc/self/exe during exec" {
  have bb
  plant overwrite.py 12
  attack_by sbx exec -i c
  eventually finished
  run cat out/report
  assert_contains caught
  refute_contains changed
  sbx_is_unchanged
  sbx rm -f c
}

@test "a bundle's container cannot change sbx by /proc/self/exe during exec" {
  bundle b /usr/bin/python3 /probe/overwrite.py 12
  mkdir -p out && chmod 777 out
  mkdir -p b/rootfs/{usr,lib,lib64,probe,out}
  edit b '.mounts += ([["/usr", "/usr"], ["/usr/lib", "/lib"], ["/usr/lib64", "/lib64"],
      [$ARGS.positional[0], "/probe"], [$ARGS.positional[1], "/out"]] |
    map({source: .[0], destination: .[1], type: "bind", options: ["rbind"]}))' \
    "$BATS_TEST_DIRNAME" "$HOME/out"
  oci create -b b box
  oci start box
  eventually test -e out/ready
  attack_by oci exec box
  eventually finished
  run cat out/report
  assert_contains caught
  refute_contains changed
  sbx_is_unchanged
}

@test "a container cannot look into what joins it during exec" {
  have bb
  plant intrude.py "${SBX_TEST_TURNS:-12}" # a turn a second
  local ran=0
  until finished; do
    run sbx exec c /bin/busybox echo inside # the program that intrude.py knows
    [ "$status" -eq 0 ] || finished # the container ends with its attack
    [ "$status" -ne 0 ] || ran=$((ran + 1))
  done
  run cat out/report
  assert_contains seen
  refute_contains inside
  [ $ran -gt 0 ]
  sbx rm -f c
}
