// Which devices the processes of a cgroup may use: a BPF program of type
// BPF_PROG_TYPE_CGROUP_DEVICE (Linux, Documentation/admin-guide/cgroup-v2.rst, "Device
// controller"). Only root of the machine may load one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <linux/bpf.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

struct DeviceRule {
    enum class Kind : std::uint8_t { all, block, character };

    bool allow = false;
    Kind kind = Kind::all;
    std::optional<std::uint32_t> major = {};  // nothing: every one
    std::optional<std::uint32_t> minor = {};
    std::uint32_t access = 0;  // BPF_DEVCG_ACC_READ, _WRITE, _MKNOD

    friend bool operator==(const DeviceRule&, const DeviceRule&) = default;
};

constexpr std::uint32_t kEveryDeviceAccess =
    BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE | BPF_DEVCG_ACC_MKNOD;

struct DeviceFilter {
    std::vector<bpf_insn> program;
};

// For each device and each access the last rule that names both decides; what no rule names is
// refused. A wish for several accesses is granted where each of them is.
DeviceFilter device_filter(std::span<const DeviceRule> rules);

// Puts the filter on a cgroup, in place of whatever filter was on it. bpf(2).
Result<> attach_device_filter(FdView cgroup, const DeviceFilter& filter);

}  // namespace sbx::os
