// Other limits for a container.
#pragma once

#include <string>

#include "base/error.h"
#include "oci/resources.h"
#include "runtime/states.h"
#include "sandbox/cgroup_host.h"

namespace sbx::runtime {

// The members that `changes` has replace those that the container has; the others stay, and so do
// the rules for devices: runc does not look at them either. All are made, or none: `host` is for
// LimitChange::make(). Kind::unsupported where it has no cgroup, Kind::busy where it has stopped.
Result<> update(const States& states, const std::string& id, const oci::Resources& changes,
                const sandbox::CgroupHost& host);

// Other lines for its group of resctrl. Kind::unsupported where it was made without linux.intelRdt.
Result<> update_schemata(const States& states, const std::string& id,
                         const std::vector<std::string>& lines);

// What update() makes of resources.
Result<oci::Resources> merged(const oci::Resources& had, const oci::Resources& changes);

}  // namespace sbx::runtime
