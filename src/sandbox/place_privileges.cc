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

// Of another user than 0 an execve leaves what is ambient, and that is what was added by name.
static void place_capabilities(os::CapabilitySet all, os::CapabilitySet added, Program& program) {
    const os::CapabilitySet kept = all & added;
    program.bounding = all;
    program.of_root = {.permitted = all, .effective = all};
    program.of_others = {
        .permitted = kept, .effective = kept, .inheritable = kept, .ambient = kept};
}

Result<> place_privileges(const Request& request, Program& program) {
    const oci::Process& process = request.spec.process;
    os::CapabilitySet all = 0;
    for (const std::string& name : process.capabilities.bounding)
        all |= TRY(os::parse_capability(name));
    place_capabilities(all, request.added_capabilities, program);
    program.no_new_privileges = process.no_new_privileges;
    program.filter = TRY(filter_for(request.seccomp, program.bounding));
    return {};
}

}  // namespace sbx::sandbox
