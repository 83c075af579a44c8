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
        {"process.execCPUAffinity", process.exec_cpu_affinity.has_value()},
    };
    return refuse(members);
}

Result<> check_supported(const oci::Spec& spec) {
    TRY(check_supported(spec.process));
    const Member members[] = {
        {"hooks", !(spec.hooks == oci::Hooks{})},
        {"linux.seccomp.listenerPath", spec.seccomp && !spec.seccomp->listener_path.empty()},
        {"linux.netDevices", !spec.net_devices.empty()},
        {"linux.intelRdt", spec.intel_rdt.has_value()},
        {"linux.mountLabel", !spec.mount_label.empty()},
    };
    return refuse(members);
}

}  // namespace sbx::runtime
