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

// Containerd's ctr writes this into every document: what a cgroup has by itself, cpu.weight 100.
static bool has_usual_shares(const oci::Resources& resources) {
    constexpr std::uint64_t kUsual = 1024;
    return resources.cpu.shares == kUsual;
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
    if (resources.cpu.shares == 0U || has_usual_shares(resources)) resources.cpu.shares.reset();
    if (resources.block.weight == 0) resources.block.weight.reset();
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

static std::string_view advice(CgroupManager manager, const CgroupHost& host) {
    if (manager == CgroupManager::systemd &&
        sandbox::can_make_cgroups(CgroupManager::cgroupfs, host))
        return "--cgroup-manager=cgroupfs does without it";
    if (manager == CgroupManager::cgroupfs &&
        sandbox::can_make_cgroups(CgroupManager::systemd, host))
        return "--systemd-cgroup has systemd make one";
    return "--cgroup-manager=disabled runs it without limits";
}

// Podman writes this into every document, also where nobody asked for a limit: pids_limit in
// containers.conf(5).
static bool has_usual_limit(const oci::Resources& resources) {
    constexpr std::int64_t kUsual = 2048;
    return resources.pids_limit == kUsual;
}

static bool names_all_devices(const oci::DeviceRule& rule) {
    constexpr std::int64_t kAny = -1;
    return (rule.type.empty() || rule.type == "a") && rule.major.value_or(kAny) == kAny &&
           rule.minor.value_or(kAny) == kAny &&
           (rule.access.empty() || std::ranges::all_of(std::string_view("rwm"), [&](char c) {
                return rule.access.contains(c);
            }));
}

static bool refuses_devices(const std::vector<oci::DeviceRule>& rules) {
    bool refuses = true;
    for (const oci::DeviceRule& rule : rules)
        refuses = names_all_devices(rule) ? !rule.allow : refuses || !rule.allow;
    return refuses;
}

// Root of the machine alone could open any device without a filter: others cannot make their nodes.
static bool needs_device_filter(const oci::Spec& spec, const CgroupHost& host) {
    return host.root && !spec.find_namespace("user") && refuses_devices(spec.resources.devices);
}

static std::vector<std::string> wanted_of_a_cgroup(const oci::Spec& spec, const CgroupHost& host) {
    std::vector<std::string> names = limits_in(spec.resources);
    if (needs_device_filter(spec, host)) names.emplace_back("devices");
    return names;
}

static Result<Fitted> without_cgroup(sandbox::Request request, const CgroupHost& host) {
    const CgroupManager manager = request.cgroup.manager;
    const std::string why(why_none(manager, host));
    std::vector<std::string> warnings;
    for (const std::string& name : wanted_of_a_cgroup(request.spec, host)) {
        const bool usual = name == "pids.limit" && has_usual_limit(request.spec.resources);
        if (manager != CgroupManager::disabled && !usual)
            return Error(Error::Kind::unsupported,
                         "config.json asks for linux.resources.{}, which cannot be had: {}", name,
                         why)
                .hint(std::string(advice(manager, host)));
        warnings.push_back(fmt::format("linux.resources.{} is not enforced: {}", name, why));
    }
    request.cgroup.manager = CgroupManager::disabled;
    request.spec.resources = {};
    return Fitted{.request = std::move(request), .warnings = std::move(warnings)};
}

// As runc has it: root's containers get no device that no rule gives them, also without any rule.
static void refuse_other_devices(oci::Resources& resources, const CgroupHost& host) {
    if (host.root && resources.devices.empty()) resources.devices.push_back({.allow = false});
}

static bool has_controller(std::string_view name, CgroupManager manager, const CgroupHost& host) {
    const auto& controllers =
        manager == CgroupManager::systemd ? host.systemd_controllers : host.own_controllers;
    return std::ranges::find(controllers, name) != controllers.end();
}

Result<Fitted> fit_limits(sandbox::Request request, const CgroupHost& host) {
    const CgroupManager manager = request.cgroup.manager;
    request.cgroup.wanted = true;
    oci::Resources& resources = request.spec.resources;
    refuse_other_devices(resources, host);
    if (!sandbox::can_make_cgroups(manager, host)) return without_cgroup(std::move(request), host);
    std::vector<std::string> warnings;
    if (has_usual_shares(resources) && !has_controller("cpu", manager, host))
        resources.cpu.shares.reset();
    if (has_usual_limit(resources) && !has_controller("pids", manager, host)) {
        resources.pids_limit.reset();
        warnings.emplace_back(
            "linux.resources.pids.limit is not enforced: the controller 'pids' is not there");
    }
    return Fitted{.request = std::move(request), .warnings = std::move(warnings)};
}

}  // namespace sbx::runtime
