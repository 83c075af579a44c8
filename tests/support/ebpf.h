// Filters of devices run here as the kernel runs them: eBPF over struct bpf_cgroup_dev_ctx.
#pragma once

#include <cstdint>

#include "os/device_filter.h"

namespace sbx::test {

// What register 0 holds at the end; 0xdead where the program does what its kind may not.
std::uint32_t run_device_filter(const os::DeviceFilter& filter, const bpf_cgroup_dev_ctx& context);

}  // namespace sbx::test
