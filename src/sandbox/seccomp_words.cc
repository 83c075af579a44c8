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

static constexpr std::array<std::pair<std::string_view, Action>, 9> kActions = {{
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

static constexpr std::array<std::pair<std::string_view, Compare>, 7> kComparisons = {{
    {"SCMP_CMP_NE", Compare::ne},
    {"SCMP_CMP_LT", Compare::lt},
    {"SCMP_CMP_LE", Compare::le},
    {"SCMP_CMP_EQ", Compare::eq},
    {"SCMP_CMP_GE", Compare::ge},
    {"SCMP_CMP_GT", Compare::gt},
    {"SCMP_CMP_MASKED_EQ", Compare::masked_eq},
}};

// A container begins with one thread: to synchronize its threads is to do nothing.
static constexpr std::array<std::pair<std::string_view, unsigned long>, 4> kFlags = {{
    {"SECCOMP_FILTER_FLAG_TSYNC", 0},
    {"SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG},
    {"SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW},
    {"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV},
}};

static std::vector<std::string> words_of(const auto& table) {
    std::vector<std::string> words;
    words.reserve(table.size());
    for (const auto& [word, meaning] : table)
        words.emplace_back(word);
    std::ranges::sort(words);
    return words;
}

std::vector<std::string> seccomp_action_words() { return words_of(kActions); }
std::vector<std::string> seccomp_comparison_words() { return words_of(kComparisons); }
std::vector<std::string> seccomp_flag_words() { return words_of(kFlags); }

template <class Table>
static auto find_in(const Table& table, std::string_view word, const char* what)
    -> Result<typename Table::value_type::second_type> {
    for (const auto& [name, meaning] : table)
        if (name == word) return meaning;
    return Error(Error::Kind::usage, "unknown {} '{}'", what, excerpt(word));
}

Result<Action> parse_seccomp_action(std::string_view word) {
    return find_in(kActions, word, "action");
}

Result<Compare> parse_seccomp_comparison(std::string_view word) {
    return find_in(kComparisons, word, "comparison");
}

static Result<unsigned long> parse_flag(std::string_view word) {
    return find_in(kFlags, word, "flag");
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
        for (const std::string_view name : {"sendmsg", "recvmsg"})
            if (rule.action == Action::notify &&
                std::ranges::find(rule.names, name) != rule.names.end())
                return Error(Error::Kind::unsupported,
                             "seccomp: SCMP_ACT_NOTIFY cannot be for {}, by which the listener "
                             "goes to whoever answers",
                             name);
    return {};
}

}  // namespace sbx::sandbox
