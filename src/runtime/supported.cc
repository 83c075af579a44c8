#include "runtime/supported.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace sbx::runtime {

namespace {

struct Member {
    std::string_view name;
    bool is_asked_for;
};

}  // namespace

static Result<> refuse(std::span<const Member> members) {
    const auto asked = std::ranges::find_if(members, &Member::is_asked_for);
    if (asked == members.end()) return {};
    return Error(Error::Kind::unsupported, "config.json asks for {}, which sbx cannot give",
                 asked->name);
}

Result<> check_supported(const oci::Process& process) {
    const Member members[] = {
        {"process.apparmorProfile", !process.apparmor_profile.empty()},
        {"process.selinuxLabel", !process.selinux_label.empty()},
        {"process.scheduler", process.scheduler.has_value()},
        {"process.ioPriority", process.io_priority.has_value()},
        {"process.execCPUAffinity", process.exec_cpu_affinity.has_value()},
    };
    return refuse(members);
}

// Without what says that there is no limit.
static oci::Resources limits_in(oci::Resources resources) {
    resources.devices.clear();
    if (resources.pids_limit && *resources.pids_limit <= 0) resources.pids_limit.reset();
    if (resources.memory.disable_oom_killer == false) resources.memory.disable_oom_killer.reset();
    for (auto* limit : {&resources.memory.limit, &resources.memory.swap})
        if (*limit == -1) limit->reset();
    return resources;
}

static bool is_ours(const oci::Device& device) { return !device.source.empty(); }

Result<> check_supported(const oci::Spec& spec) {
    TRY(check_supported(spec.process));
    const bool private_root = spec.rootfs_propagation.empty() ||
                              spec.rootfs_propagation.ends_with("private") ||
                              spec.rootfs_propagation.ends_with("slave");
    const Member members[] = {
        {"hooks", !(spec.hooks == oci::Hooks{})},
        {"linux.resources", !(limits_in(spec.resources) == oci::Resources{})},
        {"linux.seccomp.listenerPath", spec.seccomp && !spec.seccomp->listener_path.empty()},
        {"linux.devices", !std::ranges::all_of(spec.devices, is_ours)},
        {"linux.timeOffsets", !spec.time_offsets.empty() || spec.find_namespace("time")},
        {"linux.netDevices", !spec.net_devices.empty()},
        {"linux.intelRdt", spec.intel_rdt.has_value()},
        {"linux.rootfsPropagation", !private_root},
        {"linux.mountLabel", !spec.mount_label.empty()},
        {"linux.memoryPolicy", spec.memory_policy.has_value()},
        {"linux.personality", spec.personality.has_value()},
    };
    return refuse(members);
}

}  // namespace sbx::runtime
