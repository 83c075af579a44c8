#include "sandbox/seccomp_profile.h"

#include <cerrno>
#include <optional>
#include <vector>

#include <linux/capability.h>
#include <linux/netlink.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/socket.h>

#include "os/bpf.h"
#include "sandbox/seccomp_calls.h"

namespace sbx::sandbox {

using os::ArgumentTest;
using os::CallRule;
using os::Verdict;

namespace {

constexpr std::uint32_t kNewNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                         CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
constexpr std::uint32_t kNewTime = 0x80;  // CLONE_NEWTIME; in clone(2) a part of the exit signal

}  // namespace

static bool has(os::CapabilitySet set, int capability) { return (set >> capability & 1) != 0; }

static ArgumentTest equal(unsigned argument, std::uint32_t value) {
    return {.argument = argument, .value = value};
}

static CallRule::Case allow_where(std::vector<ArgumentTest> tests) {
    return {.tests = std::move(tests), .verdict = Verdict::allow()};
}

static CallRule without(std::uint32_t flags) {
    return {.cases = {allow_where({{.argument = 0, .mask = flags, .value = 0}})},
            .otherwise = Verdict::error(EPERM)};
}

static CallRule socket_rule(os::CapabilitySet capabilities) {
    CallRule rule{.otherwise = Verdict::error(EAFNOSUPPORT)};
    for (const int family : {AF_UNIX, AF_INET, AF_INET6})
        rule.cases.push_back(allow_where({equal(0, static_cast<std::uint32_t>(family))}));
    std::vector<std::uint32_t> protocols = {NETLINK_ROUTE, NETLINK_KOBJECT_UEVENT, NETLINK_GENERIC,
                                            NETLINK_SOCK_DIAG};
    if (has(capabilities, CAP_NET_ADMIN)) protocols.push_back(NETLINK_NETFILTER);
    for (const std::uint32_t protocol : protocols)
        rule.cases.push_back(allow_where({equal(0, AF_NETLINK), equal(2, protocol)}));
    rule.cases.push_back(
        {.tests = {equal(0, AF_NETLINK)}, .verdict = Verdict::error(EPROTONOSUPPORT)});
    if (has(capabilities, CAP_NET_RAW))
        for (const int family : {AF_PACKET, AF_XDP})
            rule.cases.push_back(allow_where({equal(0, static_cast<std::uint32_t>(family))}));
    return rule;
}

static CallRule ioctl_rule() {
    constexpr std::uint32_t kLinuxConsole = 0x541c;  // TIOCLINUX
    CallRule rule{.otherwise = Verdict::allow()};
    for (const std::uint32_t command :
         {static_cast<std::uint32_t>(TIOCSTI), kLinuxConsole, static_cast<std::uint32_t>(TIOCSETD)})
        rule.cases.push_back({.tests = {equal(1, command)}, .verdict = Verdict::error(EPERM)});
    return rule;
}

static CallRule personality_rule() {
    CallRule rule{.otherwise = Verdict::error(EPERM)};
    constexpr std::uint32_t kOldName = UNAME26;
    for (const std::uint32_t persona : {std::uint32_t{PER_LINUX}, std::uint32_t{PER_LINUX32},
                                        kOldName, kOldName | PER_LINUX32, 0xffffffffU})
        rule.cases.push_back(allow_where({equal(0, persona)}));
    return rule;
}

namespace {

// By their numbers: each start of a container makes one.
class Rules {
public:
    void set(std::string_view name, CallRule rule) {
        const std::optional<std::uint32_t> number = os::syscall_number(name);
        if (!number || *number >= os::kSyscallsEnd) return;  // of another architecture
        rule.number = *number;
        rules_[*number] = std::move(rule);
    }

    std::vector<CallRule> listed() && {
        std::vector<CallRule> all;
        all.reserve(rules_.size());
        for (std::optional<CallRule>& rule : rules_)
            if (rule) all.push_back(*std::move(rule));
        return all;
    }

private:
    std::vector<std::optional<CallRule>> rules_ =
        std::vector<std::optional<CallRule>>(os::kSyscallsEnd);
};

}  // namespace

static std::vector<CallRule> rules_for(os::CapabilitySet capabilities) {
    Rules rules;
    for (const std::string_view name : kAllowed)
        rules.set(name, {.otherwise = Verdict::allow()});
    for (const std::string_view name : kAbsent)
        rules.set(name, {.otherwise = Verdict::error(ENOSYS)});
    for (const Gated& gated : kGated)
        if (has(capabilities, gated.capability))
            rules.set(gated.name, {.otherwise = Verdict::allow()});
    rules.set("socket", socket_rule(capabilities));
    rules.set("socketpair", socket_rule(capabilities));
    rules.set("ioctl", ioctl_rule());
    rules.set("personality", personality_rule());
    const bool administrator = has(capabilities, CAP_SYS_ADMIN);
    const CallRule anything{.otherwise = Verdict::allow()};
    rules.set("clone", administrator ? anything : without(kNewNamespaces));
    rules.set("unshare", administrator ? anything : without(kNewNamespaces | kNewTime));
    return std::move(rules).listed();
}

os::Filter default_filter(os::CapabilitySet capabilities) {
    return os::assemble({.architecture = os::kNativeArchitecture,
                         .foreign = Verdict::error(ENOSYS),
                         .end = os::kSyscallsEnd,
                         .beyond = Verdict::error(ENOSYS),
                         .unlisted = Verdict::error(EPERM),
                         .rules = rules_for(capabilities)});
}

}  // namespace sbx::sandbox
