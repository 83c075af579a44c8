#include "runtime/limits.h"

#include <algorithm>

#include "base/text.h"
#include "sandbox/places.h"

namespace sbx::runtime {

using sandbox::CgroupHost;
using sandbox::CgroupManager;

// The names of units have no room for '+', which ids may have: systemd.unit(5).
std::string cgroup_name(const std::string& id) {
    std::string name = "sbx-oci-";
    for (const char c : id)
        name += c == '+' ? std::string("\\x2b") : std::string(1, c);
    return name;
}

static CgroupManager manager_of(const sandbox::Request& request, const CgroupHost& host) {
    const std::string& path = request.spec.cgroups_path;
    if (request.cgroup.manager != CgroupManager::automatic || path.empty())
        return request.cgroup.manager;
    const bool unit = split(path, ':').size() == 3 && !path.contains('/');
    return unit && host.systemd ? CgroupManager::systemd : CgroupManager::cgroupfs;
}

// Without what says that there is no limit.
static oci::Resources limiting(oci::Resources resources) {
    resources.devices.clear();
    oci::MemoryLimits& memory = resources.memory;
    if (resources.pids_limit.value_or(1) <= 0) resources.pids_limit.reset();
    if (!memory.disable_oom_killer.value_or(true)) memory.disable_oom_killer.reset();
    memory.use_hierarchy.reset();
    memory.check_before_update.reset();
    for (auto* limit : {&memory.limit, &memory.swap, &memory.reservation, &memory.kernel,
                        &memory.kernel_tcp, &resources.cpu.quota, &resources.cpu.realtime_runtime})
        if (limit->value_or(1) <= 0) limit->reset();
    return resources;
}

static void add_names(const Json& json, const std::string& above, std::vector<std::string>& names) {
    for (const auto& [key, value] : json.members()) {
        const std::string name = above.empty() ? key : fmt::format("{}.{}", above, key);
        if (value.as_object())
            add_names(value, name, names);
        else
            names.push_back(name);
    }
}

std::vector<std::string> limits_in(const oci::Resources& resources) {
    std::vector<std::string> names;
    add_names(limiting(resources).to_json(), "", names);
    return names;
}

static std::string_view why_none(CgroupManager manager, const CgroupHost& host) {
    if (manager == CgroupManager::disabled) return "cgroups are disabled";
    if (!host.version_2) return "this machine does not have cgroup version 2 alone";
    if (manager == CgroupManager::systemd)
        return "no systemd is seen here that would make a cgroup";
    return "no cgroup is delegated to this user here";
}

static Result<> check_manager(CgroupManager manager, const CgroupHost& host) {
    if (manager != CgroupManager::systemd ||
        !sandbox::can_make_cgroups(CgroupManager::cgroupfs, host))
        return {};
    return Error(Error::Kind::unsupported,
                 "systemd is to make the cgroup, and none is seen here that would")
        .hint("--cgroup-manager=cgroupfs does without it");
}

// Only there a filter would have kept the container from devices: others cannot make their nodes.
static bool loses_device_rules(const sandbox::Request& request, const CgroupHost& host) {
    const oci::Spec& spec = request.spec;
    return host.root && !spec.resources.devices.empty() && !spec.find_namespace("user");
}

Result<Fitted> fit_limits(sandbox::Request request, const CgroupHost& host) {
    const CgroupManager manager = manager_of(request, host);
    request.cgroup.manager = manager;
    request.cgroup.wanted = true;
    if (sandbox::can_make_cgroups(manager, host)) return Fitted{.request = std::move(request)};
    TRY(check_manager(manager, host));
    std::vector<std::string> names = limits_in(request.spec.resources);
    if (loses_device_rules(request, host)) names.emplace_back("devices");
    std::vector<std::string> warnings;
    for (const std::string& name : names)
        warnings.push_back(
            fmt::format("linux.resources.{} is not enforced: {}", name, why_none(manager, host)));
    request.cgroup.manager = CgroupManager::disabled;
    request.spec.resources = {};
    return Fitted{.request = std::move(request), .warnings = std::move(warnings)};
}

}  // namespace sbx::runtime
