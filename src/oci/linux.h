// Smaller parts of `linux` of the OCI runtime specification (config-linux.md): namespaces, network
// devices, clocks, and what processors and memory are asked for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sbx::oci {

class Members;

struct Namespace {
    std::string type;  // "pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time"
    std::string path = {};

    bool operator==(const Namespace&) const = default;
};

struct NetDevice {
    std::string name = {};  // in the container; empty: as on the host

    bool operator==(const NetDevice&) const = default;
};

// Of a clock in a time namespace, time_namespaces(7).
struct TimeOffset {
    std::int64_t seconds = 0;
    std::uint32_t nanoseconds = 0;

    bool operator==(const TimeOffset&) const = default;
};

// A group of the resctrl file system.
struct IntelRdt {
    std::string clos_id = {};  // "/": the group that all begin in
    std::vector<std::string> schemata = {};
    std::string l3_cache_schema = {};
    std::string memory_bandwidth_schema = {};
    bool enable_monitoring = false;
    bool enable_cmt = false;  // until 1.2 of the specification: two kinds of what is monitored
    bool enable_mbm = false;

    bool is_monitored() const { return enable_monitoring || enable_cmt || enable_mbm; }

    bool operator==(const IntelRdt&) const = default;
};

// What set_mempolicy(2) is told.
struct MemoryPolicy {
    std::string mode;                     // "MPOL_INTERLEAVE"
    std::string nodes = {};               // "0-3,7"
    std::vector<std::string> flags = {};  // "MPOL_F_STATIC_NODES"

    bool operator==(const MemoryPolicy&) const = default;
};

struct Personality {
    std::string domain;  // "LINUX", "LINUX32"

    bool operator==(const Personality&) const = default;
};

void describe(Members& members, Namespace& ns);
void describe(Members& members, NetDevice& device);
void describe(Members& members, TimeOffset& offset);
void describe(Members& members, IntelRdt& rdt);
void describe(Members& members, MemoryPolicy& policy);
void describe(Members& members, Personality& personality);

}  // namespace sbx::oci
