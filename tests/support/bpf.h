// System call filters run here as the kernel runs them: classic BPF over struct seccomp_data.
#pragma once

#include <cstdint>
#include <vector>

#include <linux/seccomp.h>

#include "os/seccomp.h"

namespace sbx::test {

struct FilterRun {
    std::uint32_t verdict = SECCOMP_RET_KILL_PROCESS;
    std::vector<std::size_t> path = {};  // the instructions that were executed, in order
};

FilterRun run_filter(const os::Filter& filter, const seccomp_data& call);

// Whether the kernel would take it: bpf_check_classic() and seccomp_check_filter(),
// kernel/seccomp.c.
bool is_acceptable(const os::Filter& filter);

}  // namespace sbx::test
