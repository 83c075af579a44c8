// From what a container may use to what is written to the files of its cgroup: the Linux manual,
// admin-guide/cgroup-v2.rst. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "oci/resources.h"
#include "os/device_filter.h"

namespace sbx::sandbox {

struct CgroupWrite {
    std::string file;  // "memory.max"
    std::string value;

    // Where the kernel has no such file, this is written instead; where it has neither, it fails.
    std::string other_file = {};
    std::string other_value = {};
    bool optional = false;  // nor is it missed there

    // A file with what is in use already, which must not be more than `value`: "memory.current".
    std::string used_file = {};

    friend bool operator==(const CgroupWrite&, const CgroupWrite&) = default;
};

// In the order in which they are made. What cgroup version 2 has no file for is refused by name:
// Kind::unsupported; values that cannot be: Kind::usage.
Result<std::vector<CgroupWrite>> cgroup_writes(const oci::Resources& resources);

// The controllers that have these files, each once: "memory", "pids". Not for what is optional.
std::vector<std::string> controllers_of(const std::vector<CgroupWrite>& writes);

// 1 to 10000 for shares of 2 to 262144, so that 1024 is 100: as runc does since 1.3, crun since
// 1.23.
std::uint64_t cpu_weight_of(std::uint64_t shares);

// For memory.swap.max, which counts swap alone, where the specification counts memory with it.
Result<std::optional<std::int64_t>> swap_limit_of(const oci::MemoryLimits& memory);

// The rules, and after them those for the devices that every container has.
Result<std::vector<os::DeviceRule>> device_rules(const std::vector<oci::DeviceRule>& rules);

}  // namespace sbx::sandbox
