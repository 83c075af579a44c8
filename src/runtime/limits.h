// What the document of a container lets it use, and what this machine can hold it to.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "oci/resources.h"
#include "sandbox/cgroup_host.h"
#include "sandbox/request.h"

namespace sbx::runtime {

// The name of a container's cgroup where its document gives no path for one.
std::string cgroup_name(const std::string& id);

struct Fitted {
    sandbox::Request request;
    std::vector<std::string> warnings = {};  // a line for each limit that nobody enforces
};

// The request with the manager of cgroups that its document means, as runc takes it: a path is for
// cgroupfs, "slice:prefix:name" for systemd. Where no cgroup can be had at all, without its limits:
// those that drive a runtime always ask for some, on machines that have never kept them. Where
// another manager than the one asked for could make a cgroup, that is a failure.
Result<Fitted> fit_limits(sandbox::Request request, const sandbox::CgroupHost& host);

// The members of linux.resources that limit something: "memory.limit". Devices are none of them.
std::vector<std::string> limits_in(const oci::Resources& resources);

}  // namespace sbx::runtime
