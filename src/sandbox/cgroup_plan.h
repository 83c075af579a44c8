// The cgroup that a container gets, decided: plain data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "os/bus.h"
#include "os/device_filter.h"
#include "sandbox/cgroup_writes.h"

namespace sbx::sandbox {

// Who makes it. cgroupfs: sbx itself, below a cgroup that is its to divide.
enum class CgroupManager : std::uint8_t { automatic, cgroupfs, systemd, disabled };

std::string_view name_of(CgroupManager manager);
Result<CgroupManager> parse_cgroup_manager(std::string_view name);

// What is asked, beside the limits and the path in the Spec.
struct CgroupWish {
    CgroupManager manager = CgroupManager::automatic;
    bool wanted = false;      // also where no limit is asked for
    std::string name = {};    // of a new one, where the Spec has no path: "sbx-1234"
    std::string parent = {};  // --cgroup-parent: a path, or a slice of systemd's
};

// What systemd is asked for.
struct Scope {
    os::BusPlace bus = {};
    std::string unit = {};
    std::string slice = {};
    std::string below = "container";  // the cgroup in it; empty: the scope's own
    std::vector<os::BusProperty> properties = {};
};

struct CgroupPlan {
    bool made = false;                // else there is none, and all else is empty
    std::optional<Scope> scope = {};  // made by systemd; else by sbx, at `path`

    // Paths below the mount of cgroup v2: "/sbx/1234". What `path` has beyond `base`, sbx makes.
    std::string base = {};
    std::string path = {};

    std::vector<std::string> controllers = {};  // that the writes need
    std::vector<CgroupWrite> writes = {};
    std::optional<std::vector<os::DeviceRule>> devices = {};
};

// A line a fact, for golden tests and --explain; empty where none is made.
std::string explain(const CgroupPlan& plan);

}  // namespace sbx::sandbox
