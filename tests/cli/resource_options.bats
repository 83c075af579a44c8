load ../support/sbx

@test "limits that cannot be are refused before anything is made" {
  have bb
  local words
  for words in '--memory much' '--memory-swap 1g' '--cpus x' '--cpus 1 --cpu-quota 5' \
    '--cpuset-cpus 3-1' '--pids-limit -2' '--blkio-weight 5' '--device-read-bps /dev/null:1m' \
    '--cgroup-conf memory.high' '--cgroups sometimes'; do
    # shellcheck disable=SC2086
    run -125 sbx run --name box $words localhost/bb true
    assert_contains "${words%% *}"
  done
  run -125 sbx inspect box
}

@test "what cgroup version 2 has no setting for is refused with the reason" {
  have bb
  run -125 sbx run --rm --memory-swappiness 10 localhost/bb true
  assert_contains 'cgroup version 2 has no such setting'
  run -125 sbx run --rm --oom-kill-disable localhost/bb true
  assert_contains 'cgroup version 2'
}

@test "limits are kept with the container and shown" {
  have bb
  local options=(--name box --memory 64m --pids-limit 50 --cgroup-conf memory.high=1000000)
  run sbx create "${options[@]}" localhost/bb true
  if [ "$status" -eq 0 ]; then
    run -0 sbx inspect --format '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.PidsLimit}}' box
    assert_output '67108864 134217728 50'
  else
    # Where nothing could be limited, the container is not made at all, and that is said.
    assert_contains 'limits need'
    run -125 sbx inspect box
  fi
}

@test "a cgroup that is wanted in vain is warned of" {
  have bb
  run -0 --separate-stderr sbx run --rm --cgroups enabled --cgroupns host localhost/bb cat /proc/self/cgroup
  [[ $output == */sbx-* || $stderr == *'no cgroup of its own'* ]]
  run -0 --separate-stderr sbx run --rm --cgroups disabled localhost/bb true
  [ -z "$stderr" ]
}

@test "what limits nothing asks for no cgroup" {
  have bb
  run -0 sbx run --rm --memory 0 --memory-swap -1 --memory-reservation 0 --cpus 0 --cpu-shares 0 \
    --pids-limit -1 --blkio-weight 0 localhost/bb echo ran
  assert_output ran
}
