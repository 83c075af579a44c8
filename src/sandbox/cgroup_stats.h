// What a cgroup has used, and may use: admin-guide/cgroup-v2.rst.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::sandbox {

// Counters, in the words of the kernel's files; what a controller that is not there would count is
// absent.
struct CgroupStats {
    std::map<std::string, std::uint64_t> cpu = {};            // cpu.stat
    std::map<std::string, std::uint64_t> memory_events = {};  // memory.events
    std::map<std::string, std::uint64_t> memory = {};         // memory.stat
    std::optional<std::uint64_t> memory_current = {};
    std::optional<std::uint64_t> memory_max = {};   // absent where there is no limit
    std::optional<std::uint64_t> memory_peak = {};  // since Linux 5.19
    std::optional<std::uint64_t> swap_current = {};
    std::optional<std::uint64_t> swap_max = {};
    std::optional<std::uint64_t> pids_current = {};
    std::optional<std::uint64_t> pids_max = {};
    std::map<std::string, std::map<std::string, std::uint64_t>> io = {};  // by device, "8:0"
    std::map<std::string, std::uint64_t> hugepages = {};                  // bytes by size, "2MB"
};

Result<CgroupStats> read_cgroup_stats(os::FdView folder);

}  // namespace sbx::sandbox
