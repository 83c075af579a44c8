#include "sandbox/seccomp_words.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <linux/seccomp.h>

#include "base/text.h"

namespace sbx::sandbox {

using Profile = os::SeccompProfile;
using Action = Profile::Action;
using Compare = Profile::Compare;

Result<Action> parse_seccomp_action(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, Action>, 9> kActions = {{
        {"SCMP_ACT_ALLOW", Action::allow},
        {"SCMP_ACT_ERRNO", Action::error},
        {"SCMP_ACT_KILL", Action::kill_thread},
        {"SCMP_ACT_KILL_THREAD", Action::kill_thread},
        {"SCMP_ACT_KILL_PROCESS", Action::kill_process},
        {"SCMP_ACT_TRAP", Action::trap},
        {"SCMP_ACT_LOG", Action::log},
        {"SCMP_ACT_TRACE", Action::trace},
        {"SCMP_ACT_NOTIFY", Action::notify},
    }};
    for (const auto& [name, action] : kActions)
        if (name == word) return action;
    return Error(Error::Kind::usage, "unknown action '{}'", excerpt(word));
}

Result<Compare> parse_seccomp_comparison(std::string_view word) {
    constexpr std::array<std::string_view, 7> kNames = {
        "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE",       "SCMP_CMP_EQ",
        "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ"};
    const auto* const at = std::ranges::find(kNames, word);
    if (at == kNames.end())
        return Error(Error::Kind::usage, "unknown comparison '{}'", excerpt(word));
    return static_cast<Compare>(at - kNames.begin());
}

// A container begins with one thread: to synchronize its threads is to do nothing.
static Result<unsigned long> parse_flag(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, unsigned long>, 4> kFlags = {{
        {"SECCOMP_FILTER_FLAG_TSYNC", 0},
        {"SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG},
        {"SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW},
        {"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV},
    }};
    for (const auto& [name, flag] : kFlags)
        if (name == word) return flag;
    return Error(Error::Kind::usage, "unknown flag '{}'", excerpt(word));
}

static Result<Profile::Rule> rule_of(const oci::SyscallRule& words) {
    Profile::Rule rule{.names = words.names};
    rule.action = TRY(parse_seccomp_action(words.action));
    rule.error = words.errno_ret.value_or(EPERM);
    for (const oci::SyscallArgument& argument : words.args) {
        const Compare compare = TRY(parse_seccomp_comparison(argument.op));
        rule.arguments.push_back({.index = argument.index,
                                  .compare = compare,
                                  .value = argument.value,
                                  .value_two = argument.value_two});
    }
    return rule;
}

Result<Profile> seccomp_profile(const oci::Seccomp& seccomp) {
    Profile profile{.fallback = TRY(parse_seccomp_action(seccomp.default_action), "defaultAction")};
    profile.fallback_error = seccomp.default_errno_ret.value_or(EPERM);
    profile.architectures = seccomp.architectures;
    for (const std::string& flag : seccomp.flags)
        profile.flags |= TRY(parse_flag(flag), "flags");
    for (std::size_t i = 0; i < seccomp.syscalls.size(); ++i)
        profile.rules.push_back(TRY(rule_of(seccomp.syscalls[i]), "syscalls[{}]", i));
    return profile;
}

Result<> check_notifications(const Profile& profile, std::string_view listener_path) {
    if (!profile.notifies()) return {};
    if (listener_path.empty())
        return Error(Error::Kind::usage, "seccomp: SCMP_ACT_NOTIFY has no listenerPath");
    if (profile.fallback == Action::notify)
        return Error(Error::Kind::unsupported,
                     "seccomp: SCMP_ACT_NOTIFY cannot be the default: nobody listens yet when the "
                     "container's own set-up ends");
    for (const Profile::Rule& rule : profile.rules)
        if (rule.action == Action::notify &&
            std::ranges::find(rule.names, "sendmsg") != rule.names.end())
            return Error(
                Error::Kind::unsupported,
                "seccomp: SCMP_ACT_NOTIFY cannot be for sendmsg, which sends the listener");
    return {};
}

}  // namespace sbx::sandbox
