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

// The request with the cgroup that it gets, if only for the rules for devices. Its manager is not
// CgroupManager::automatic. Where that can make none, a limit is a failure, Kind::unsupported; but
// those that drive a runtime ask for one always, on machines that have never kept it: that one is
// left out, and so is each where cgroups are disabled.
Result<Fitted> fit_limits(sandbox::Request request, const sandbox::CgroupHost& host);

// The members of linux.resources that limit something: "memory.limit". Devices are none of them.
std::vector<std::string> limits_in(const oci::Resources& resources);

}  // namespace sbx::runtime
