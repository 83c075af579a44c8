// What a container may use: linux.resources of the OCI runtime specification (config-linux.md,
// "Control groups"), and what `update` of a runtime is given. Plain data; what is absent in a
// document is absent here, and nothing says what version of cgroups enforces it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace sbx::oci {

class Members;

struct DeviceRule {
    bool allow = false;
    std::string type = {};                   // "a" (all), "c", "b"; empty is all, too
    std::optional<std::int64_t> major = {};  // absent or -1: any
    std::optional<std::int64_t> minor = {};
    std::string access = {};  // of "rwm"; empty is all of them

    bool operator==(const DeviceRule&) const = default;
};

// Bytes; -1 is no limit.
struct MemoryLimits {
    std::optional<std::int64_t> limit = {};
    std::optional<std::int64_t> reservation = {};
    std::optional<std::int64_t> swap = {};  // of memory and swap together
    std::optional<std::int64_t> kernel = {};
    std::optional<std::int64_t> kernel_tcp = {};
    std::optional<std::uint64_t> swappiness = {};
    std::optional<bool> disable_oom_killer = {};
    std::optional<bool> use_hierarchy = {};
    std::optional<bool> check_before_update = {};  // a limit under what is in use is refused

    bool operator==(const MemoryLimits&) const = default;
};

// Microseconds, but for shares and idle.
struct CpuLimits {
    std::optional<std::uint64_t> shares = {};  // as cgroup version 1 counts: 2 to 262144
    std::optional<std::int64_t> quota = {};    // in a period; 0 or less is no limit
    std::optional<std::uint64_t> burst = {};
    std::optional<std::uint64_t> period = {};
    std::optional<std::int64_t> realtime_runtime = {};
    std::optional<std::uint64_t> realtime_period = {};
    std::string cpus = {};  // "0-3,7"
    std::string mems = {};
    std::optional<std::int64_t> idle = {};  // 1: SCHED_IDLE

    bool operator==(const CpuLimits&) const = default;
};

struct BlockWeight {
    std::int64_t major = 0;
    std::int64_t minor = 0;
    std::optional<std::uint16_t> weight = {};
    std::optional<std::uint16_t> leaf_weight = {};

    bool operator==(const BlockWeight&) const = default;
};

struct BlockThrottle {
    std::int64_t major = 0;
    std::int64_t minor = 0;
    std::uint64_t rate = 0;  // bytes or operations a second

    bool operator==(const BlockThrottle&) const = default;
};

struct BlockLimits {
    std::optional<std::uint16_t> weight = {};  // 10 to 1000
    std::optional<std::uint16_t> leaf_weight = {};
    std::vector<BlockWeight> weight_device = {};
    std::vector<BlockThrottle> read_bps = {};
    std::vector<BlockThrottle> write_bps = {};
    std::vector<BlockThrottle> read_iops = {};
    std::vector<BlockThrottle> write_iops = {};

    bool operator==(const BlockLimits&) const = default;
};

struct HugepageLimit {
    std::string page_size;    // "2MB"
    std::uint64_t limit = 0;  // bytes

    bool operator==(const HugepageLimit&) const = default;
};

struct InterfacePriority {
    std::string name;
    std::uint32_t priority = 0;

    bool operator==(const InterfacePriority&) const = default;
};

// Of cgroup version 1 only.
struct NetworkLimits {
    std::optional<std::uint32_t> class_id = {};
    std::vector<InterfacePriority> priorities = {};

    bool operator==(const NetworkLimits&) const = default;
};

struct RdmaLimit {
    std::optional<std::uint32_t> hca_handles = {};
    std::optional<std::uint32_t> hca_objects = {};

    bool operator==(const RdmaLimit&) const = default;
};

struct Resources {
    std::vector<DeviceRule> devices = {};  // in order, the last that fits counts
    MemoryLimits memory = {};
    CpuLimits cpu = {};
    std::optional<std::int64_t> pids_limit = {};  // 0 or less is no limit
    BlockLimits block = {};
    std::vector<HugepageLimit> hugepages = {};
    NetworkLimits network = {};
    std::map<std::string, RdmaLimit> rdma = {};       // by device
    std::map<std::string, std::string> unified = {};  // files of the cgroup, and what to write

    // Errors give the path of what is wrong below linux.resources: "memory.limit: ...".
    static Result<Resources> from_json(const Json& json);
    Json to_json() const;

    bool operator==(const Resources&) const = default;
};

void describe(Members& members, Resources& resources);

}  // namespace sbx::oci
