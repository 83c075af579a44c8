load ../support/oci

@test "kill sends a signal by name or number, TERM without one" {
  local signal expected
  for signal in '' SIGUSR1 int 9; do
    sleep 60 &
    record box $!
    run -0 oci kill box $signal
    case $signal in '') expected=143 ;; SIGUSR1) expected=138 ;; int) expected=130 ;; 9) expected=137 ;; esac
    [ "$signal" != int ] || { kill $!; expected=143; }  # a job in the background ignores it
    assert_ends_with $expected $!
  done
}

@test "kill --all reaches all processes" {
  bash -c 'sleep 60 & wait' &
  record box $!
  eventually pgrep -P $! sleep
  local child=$(pgrep -P $! sleep)
  run -0 oci kill --all box KILL
  assert_ends_with 137 $!
  eventually eval "! kill -0 $child 2>/dev/null"
}

@test "kill fails for what has ended and what is no signal" {
  record_ended box
  run -1 oci kill box
  assert_contains 'container not running'
  run -1 oci kill box NOSUCH
  assert_contains "'NOSUCH' is not a signal"
  run -1 oci kill nosuch
  assert_contains 'does not exist'
}
