#include "sandbox/cgroup_plan.h"

#include "base/text.h"

namespace sbx::sandbox {

std::string_view name_of(CgroupManager manager) {
    switch (manager) {
        case CgroupManager::automatic: return "automatic";
        case CgroupManager::cgroupfs: return "cgroupfs";
        case CgroupManager::systemd: return "systemd";
        case CgroupManager::disabled: return "disabled";
    }
    std::unreachable();
}

Result<CgroupManager> parse_cgroup_manager(std::string_view name) {
    for (const CgroupManager manager : {CgroupManager::automatic, CgroupManager::cgroupfs,
                                        CgroupManager::systemd, CgroupManager::disabled})
        if (name == name_of(manager)) return manager;
    return Error(Error::Kind::usage, "'{}' is no manager of cgroups: cgroupfs, systemd, disabled",
                 excerpt(name));
}

static std::string explain_devices(const std::vector<os::DeviceRule>& rules) {
    return fmt::format("cgroup: a filter of devices with {} rules\n", rules.size());
}

std::string explain(const CgroupPlan& plan) {
    if (!plan.made) return {};
    std::string text = plan.scope
                           ? fmt::format("cgroup: '{}' of systemd's scope '{}' in '{}'\n",
                                         plan.scope->below, plan.scope->unit, plan.scope->slice)
                           : fmt::format("cgroup: '{}'\n", plan.path);
    for (const CgroupWrite& write : plan.writes)
        text += fmt::format("cgroup: {} = {}\n", write.file, write.value);
    if (plan.devices) text += explain_devices(*plan.devices);
    return text;
}

}  // namespace sbx::sandbox
