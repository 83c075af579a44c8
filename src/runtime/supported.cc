#include "runtime/supported.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace sbx::runtime {

namespace {

struct Member {
    std::string_view name;
    bool is_asked_for;
    std::string_view why;
};

}  // namespace

static Result<> refuse(std::span<const Member> members) {
    const auto asked = std::ranges::find_if(members, &Member::is_asked_for);
    if (asked == members.end()) return {};
    return Error(Error::Kind::unsupported, "config.json asks for {}, which cannot be had: {}",
                 asked->name, asked->why);
}

static bool moves_devices_nowhere(const oci::Spec& spec) {
    return !spec.net_devices.empty() && !spec.find_namespace("network");
}

Result<> check_supported(const oci::Spec& spec) {
    const Member members[] = {
        {"linux.netDevices", moves_devices_nowhere(spec),
         "the network namespace is the caller's own"},
    };
    return refuse(members);
}

}  // namespace sbx::runtime
