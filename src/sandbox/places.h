// The parts of compile(): each adds its own to a Plan, and decides about nothing else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sandbox/cgroup_writes.h"
#include "sandbox/host.h"
#include "sandbox/plan.h"
#include "sandbox/request.h"

namespace sbx::sandbox {

// Whether the container's namespace of that kind is another than the caller's.
bool is_own(const Plan& plan, std::uint64_t kind);

// As the kernel counts them: os::IdMap.
std::vector<os::IdRange> ranges_of(const std::vector<oci::IdMapping>& mappings);

// Refuses what the kernel would, with one word for all of it: user_namespaces(7). `name` is where
// the document has them, "uidMappings".
Result<> check_mappings(const std::vector<oci::IdMapping>& mappings, std::string_view name);

// Refuses what needs a controller that is not there, and says how to get it: Kind::unsupported.
Result<> check_controllers(const std::vector<std::string>& needed,
                           const std::vector<std::string>& there, const CgroupHost& host);

// The same of limits, each by the name of its file.
Result<> check_limits(const std::vector<CgroupWrite>& limits, const std::vector<std::string>& there,
                      const CgroupHost& host);

// Whether something may be put there at all: Kind::usage.
Result<> check_target(const os::InnerPath& to);

// How the container comes by device nodes.
Nodes nodes_for(const Host& host, const Plan& plan);

// "Default Devices" of the runtime specification, which come before all mounts.
void place_default_devices(const Request& request, const Host& host, Plan& plan);

// What CgroupManager::automatic means here; any other stays what it is.
CgroupManager chosen_manager(CgroupManager asked, const CgroupHost& host);

// Whether this manager can make a cgroup here; for CgroupManager::automatic, the one that it means.
bool can_make_cgroups(CgroupManager manager, const CgroupHost& host);

Result<> place_ids(const Request& request, const Host& host, Plan& plan);
Result<> place_namespaces(const Request& request, const Host& host, Plan& plan);
Result<> place_root(const Request& request, const Host& host, Plan& plan);
Result<> place_mounts(const Request& request, const Host& host, Plan& plan);
Result<> place_devices(const Request& request, const Host& host, Plan& plan);
Result<> place_cgroup(const Request& request, const Host& host, Plan& plan);
Result<> place_sysctls(const Request& request, Plan& plan);
Result<> place_privileges(const Request& request, Program& program);

}  // namespace sbx::sandbox
