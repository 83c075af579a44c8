#include "sandbox/places.h"
#include "sandbox/seccomp_profile.h"

namespace sbx::sandbox {

static Result<std::optional<os::Filter>> filter_for(const SeccompChoice& choice,
                                                    os::CapabilitySet capabilities) {
    if (std::holds_alternative<Unconfined>(choice)) return std::optional<os::Filter>();
    if (const auto* profile = std::get_if<os::SeccompProfile>(&choice))
        return std::optional(TRY(os::compile_profile(*profile)));
    return std::optional(default_filter(capabilities));
}

Result<> place_privileges(const Request& request, Plan& plan) {
    const oci::Process& process = request.spec.process;
    for (const std::string& name : process.capabilities.bounding)
        plan.capabilities |= TRY(os::parse_capability(name));
    plan.ambient = plan.capabilities & request.added_capabilities;
    plan.no_new_privileges = process.no_new_privileges;
    plan.filter = TRY(filter_for(request.seccomp, plan.capabilities));
    for (const std::string& path : request.spec.masked_paths)
        plan.masked.push_back(TRY(os::InnerPath::parse(path), "masked path"));
    for (const std::string& path : request.spec.read_only_paths)
        plan.read_only.push_back(TRY(os::InnerPath::parse(path), "read-only path"));
    return {};
}

}  // namespace sbx::sandbox
