// What this machine lets this process do with cgroups: cgroups(7), "Cgroups v2 delegation".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "os/bus.h"

namespace sbx::sandbox {

struct CgroupHost {
    bool version_2 = false;  // alone, at /sys/fs/cgroup; version 1 and hybrids count as none
    bool root = false;       // of the machine, with all that this permits

    // A cgroup that is this process's to divide, below the mount: its own, or for root the top.
    // Root has one in a hybrid, too: most often without controllers, but no filter of devices needs
    // any.
    std::optional<std::string> own = {};
    std::vector<std::string> own_controllers = {};

    // The systemd that makes scopes for this user, where a socket of it is seen. Whether it
    // answers, only a question would tell.
    std::optional<os::BusPlace> systemd = {};
    std::vector<std::string> systemd_controllers = {};
};

// A few system calls, and no conversation; `environment` is sbx's own, for the addresses of buses.
CgroupHost find_cgroups(const std::vector<std::string>& environment);

// The cgroup of version 2 in the text of /proc/PID/cgroup; empty where there is none. cgroups(7).
std::string cgroup_in(std::string_view proc_text);

// Where other processes go that are in the way: a cgroup with members has no limits to hand on.
constexpr const char* kCallersName = "sbx-callers";

constexpr std::string_view kCgroupMount = "/sys/fs/cgroup";

// Where version 2 is mounted: there or, in systemd's hybrids, beside what is left of version 1.
// "Three different tree setups" in systemd's CGROUP_DELEGATION document.
std::string cgroup_mount();

}  // namespace sbx::sandbox
