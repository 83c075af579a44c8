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
  sbx create --name box --memory 64m --cpu-shares 512 --cgroup-conf memory.high=1000000 localhost/bb true ||
    skip_limits
  run -0 sbx inspect --format '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.CpuShares}}' box
  assert_output '67108864 134217728 512'
}

# Where nothing could be limited, the container is not made at all, and that is said.
skip_limits() {
  run -125 sbx create --name box --memory 64m localhost/bb true
  assert_contains 'limits need'
  sbx create --name box localhost/bb true
  sbx update --memory 64m --cpu-shares 512 box
}
