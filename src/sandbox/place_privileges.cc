#include "sandbox/places.h"
#include "sandbox/seccomp_profile.h"
#include "sandbox/seccomp_words.h"

namespace sbx::sandbox {

static Result<os::Filter> filter_of(const oci::Seccomp& seccomp) {
    const os::SeccompProfile profile = TRY(seccomp_profile(seccomp), "seccomp");
    if (profile.notifies())
        return Error(Error::Kind::unsupported,
                     "seccomp: SCMP_ACT_NOTIFY: the listener is passed on to nobody");
    return os::compile_profile(profile);
}

static Result<std::optional<os::Filter>> filter_for(const SeccompChoice& choice,
                                                    os::CapabilitySet capabilities) {
    if (std::holds_alternative<Unconfined>(choice)) return std::optional<os::Filter>();
    if (const auto* profile = std::get_if<os::SeccompProfile>(&choice))
        return std::optional(TRY(os::compile_profile(*profile)));
    if (const auto* seccomp = std::get_if<oci::Seccomp>(&choice))
        return std::optional(TRY(filter_of(*seccomp)));
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
