#include "sandbox/places.h"
#include "sandbox/seccomp_profile.h"
#include "sandbox/seccomp_words.h"

namespace sbx::sandbox {

static Result<os::Filter> filter_of(const oci::Seccomp& seccomp) {
    const os::SeccompProfile profile = TRY(seccomp_profile(seccomp), "seccomp");
    TRY(check_notifications(profile, seccomp.listener_path));
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

// What this kernel does not know nobody can have, which the specification wants to be no failure.
static os::CapabilitySet known(const std::vector<std::string>& names) {
    os::CapabilitySet set = 0;
    for (const std::string& name : names)
        if (const Result<os::CapabilitySet> one = os::parse_capability(name)) set |= *one;
    return set;
}

// The five sets as they stand, but for what has the kernel refuse all of them: what is effective
// has to be permitted, what is ambient inheritable as well, capabilities(7).
static void place_sets(const oci::Capabilities& names, Program& program) {
    program.bounding = known(names.bounding);
    os::Capabilities sets{.permitted = known(names.permitted),
                          .effective = known(names.effective),
                          .inheritable = known(names.inheritable) & program.bounding,
                          .ambient = known(names.ambient)};
    sets.effective &= sets.permitted;
    sets.ambient &= sets.permitted & sets.inheritable;
    program.of_root = sets;
    program.of_others = sets;
}

Result<> place_privileges(const Request& request, Program& program) {
    const oci::Process& process = request.spec.process;
    program.no_new_privileges = process.no_new_privileges;
    if (request.exact) {
        place_sets(process.capabilities, program);
        if (request.spec.seccomp) program.filter = TRY(filter_of(*request.spec.seccomp));
        return {};
    }
    os::CapabilitySet all = 0;
    for (const std::string& name : process.capabilities.bounding)
        all |= TRY(os::parse_capability(name));
    place_capabilities(all, request.added_capabilities, program);
    program.filter = TRY(filter_for(request.seccomp, program.bounding));
    return {};
}

}  // namespace sbx::sandbox
