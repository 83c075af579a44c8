#include "base/text.h"
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

// What the kernel does not know is a warning and no failure: config.md, "capabilities".
static os::CapabilitySet known_of(const std::vector<std::string>& names, Program& program) {
    os::CapabilitySet set = 0;
    for (const std::string& name : names)
        if (const Result<os::CapabilitySet> known = os::parse_capability(name))
            set |= *known;
        else
            program.warnings.push_back(known.error().text());
    return set;
}

// Exactly those, whoever runs it. An ambient one has to be permitted and inheritable:
// capabilities(7). Engines write those of a container as ambient and, on purpose, none as
// inheritable (CVE-2022-24769), so that this alone is worth no word.
static Result<> place_as_specified(const oci::Capabilities& sets, Program& program) {
    os::Capabilities asked{.permitted = known_of(sets.permitted, program),
                           .effective = known_of(sets.effective, program),
                           .inheritable = known_of(sets.inheritable, program),
                           .ambient = known_of(sets.ambient, program)};
    if ((asked.effective & ~asked.permitted) != 0)
        return Error(Error::Kind::usage, "effective capabilities that are not permitted: {}",
                     join(os::capability_names(asked.effective & ~asked.permitted), " "));
    if (const auto lost = asked.ambient & ~asked.permitted; lost != 0)
        program.warnings.push_back(fmt::format("ambient capabilities that are not permitted: {}",
                                               join(os::capability_names(lost), " ")));
    asked.ambient &= asked.permitted & asked.inheritable;
    program.bounding = known_of(sets.bounding, program);
    program.of_root = asked;
    program.of_others = asked;
    return {};
}

// Of another user than 0 an execve leaves what is ambient, and that is what was added by name.
static Result<> place_capabilities(const Request& request, Program& program) {
    const oci::Capabilities& sets = request.spec.process.capabilities;
    if (std::holds_alternative<AsSpecified>(request.user_namespace))
        return place_as_specified(sets, program);
    for (const std::string& name : sets.bounding)
        program.bounding |= TRY(os::parse_capability(name));
    const os::CapabilitySet kept = program.bounding & request.added_capabilities;
    program.of_root = {.permitted = program.bounding, .effective = program.bounding};
    program.of_others = {
        .permitted = kept, .effective = kept, .inheritable = kept, .ambient = kept};
    return {};
}

Result<> place_privileges(const Request& request, Program& program) {
    const oci::Process& process = request.spec.process;
    TRY(place_capabilities(request, program));
    program.no_new_privileges = process.no_new_privileges;
    program.filter = TRY(filter_for(request.seccomp, program.bounding));
    program.apparmor_profile = process.apparmor_profile;
    program.selinux_label = process.selinux_label;
    return {};
}

}  // namespace sbx::sandbox
