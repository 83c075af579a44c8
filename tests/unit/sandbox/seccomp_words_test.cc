#include "sandbox/seccomp_words.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <gtest/gtest.h>

#include "support/bpf.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::run_filter;
using test::succeeds;

constexpr std::uint32_t kAllow = SECCOMP_RET_ALLOW;

// What the kernel would do about a call, after all of the way from the document's words.
std::uint32_t verdict(const oci::Seccomp& seccomp, const seccomp_data& call) {
    const os::SeccompProfile profile = seccomp_profile(seccomp).value();
    return run_filter(os::compile_profile(profile).value(), call).verdict;
}

seccomp_data call_of(int number, std::uint64_t first = 0) {
    seccomp_data call{};
    call.nr = number;
    call.arch = os::kNativeArchitecture;
    call.args[0] = first;
    return call;
}

struct Acted {
    const char* action;
    std::uint32_t verdict;
};

class SeccompActions : public testing::TestWithParam<Acted> {};

TEST_P(SeccompActions, AreTheKernels) {
    const oci::Seccomp seccomp{
        .default_action = "SCMP_ACT_ALLOW",
        .syscalls = {{.names = {"mount"}, .action = GetParam().action, .errno_ret = 7}}};
    EXPECT_EQ(verdict(seccomp, call_of(SYS_mount)), GetParam().verdict);
    EXPECT_EQ(verdict(seccomp, call_of(SYS_read)), kAllow);
}

INSTANTIATE_TEST_SUITE_P(All, SeccompActions,
                         testing::Values(Acted{"SCMP_ACT_KILL", SECCOMP_RET_KILL_THREAD},
                                         Acted{"SCMP_ACT_KILL_THREAD", SECCOMP_RET_KILL_THREAD},
                                         Acted{"SCMP_ACT_KILL_PROCESS", SECCOMP_RET_KILL_PROCESS},
                                         Acted{"SCMP_ACT_TRAP", SECCOMP_RET_TRAP},
                                         Acted{"SCMP_ACT_ERRNO", SECCOMP_RET_ERRNO | 7U},
                                         Acted{"SCMP_ACT_TRACE", SECCOMP_RET_TRACE | 7U},
                                         Acted{"SCMP_ACT_LOG", SECCOMP_RET_LOG},
                                         Acted{"SCMP_ACT_NOTIFY", SECCOMP_RET_USER_NOTIF},
                                         Acted{"SCMP_ACT_ALLOW", SECCOMP_RET_ALLOW}));

struct Compared {
    const char* op;
    std::uint64_t argument;
    bool holds;
};

class SeccompComparisons : public testing::TestWithParam<Compared> {};

TEST_P(SeccompComparisons, AreTheKernels) {
    const oci::Seccomp seccomp{
        .default_action = "SCMP_ACT_ERRNO",
        .syscalls = {{.names = {"read"},
                      .action = "SCMP_ACT_ALLOW",
                      .args = {{.index = 0, .value = 6, .value_two = 4, .op = GetParam().op}}}}};
    EXPECT_EQ(verdict(seccomp, call_of(SYS_read, GetParam().argument)) == kAllow, GetParam().holds);
}

INSTANTIATE_TEST_SUITE_P(
    All, SeccompComparisons,
    testing::Values(Compared{"SCMP_CMP_EQ", 6, true}, Compared{"SCMP_CMP_EQ", 7, false},
                    Compared{"SCMP_CMP_NE", 7, true}, Compared{"SCMP_CMP_NE", 6, false},
                    Compared{"SCMP_CMP_LT", 5, true}, Compared{"SCMP_CMP_LT", 6, false},
                    Compared{"SCMP_CMP_LE", 6, true}, Compared{"SCMP_CMP_LE", 7, false},
                    Compared{"SCMP_CMP_GT", 7, true}, Compared{"SCMP_CMP_GT", 6, false},
                    Compared{"SCMP_CMP_GE", 6, true}, Compared{"SCMP_CMP_GE", 5, false},
                    Compared{"SCMP_CMP_MASKED_EQ", 0xd, true},
                    Compared{"SCMP_CMP_MASKED_EQ", 0xf, false}));

TEST(SeccompWords, HaveTheErrorsOfTheDocumentOrEperm) {
    oci::Seccomp seccomp{.default_action = "SCMP_ACT_ERRNO",
                         .syscalls = {{.names = {"read"}, .action = "SCMP_ACT_ALLOW"}}};
    EXPECT_EQ(verdict(seccomp, call_of(SYS_mount)), SECCOMP_RET_ERRNO | 1U);
    seccomp.default_errno_ret = 38;
    seccomp.syscalls.push_back({.names = {"chmod"}, .action = "SCMP_ACT_ERRNO"});
    EXPECT_EQ(verdict(seccomp, call_of(SYS_mount)), SECCOMP_RET_ERRNO | 38U);
    EXPECT_EQ(verdict(seccomp, call_of(SYS_chmod)), SECCOMP_RET_ERRNO | 1U);
}

TEST(SeccompWords, PassOverCallsThatNobodyKnows) {
    const oci::Seccomp seccomp{
        .default_action = "SCMP_ACT_ERRNO",
        .syscalls = {{.names = {"no_such_call", "read"}, .action = "SCMP_ACT_ALLOW"}}};
    EXPECT_EQ(verdict(seccomp, call_of(SYS_read)), kAllow);
}

TEST(SeccompWords, NameOtherArchitectures) {
    oci::Seccomp seccomp{.default_action = "SCMP_ACT_ERRNO",
                         .syscalls = {{.names = {"read"}, .action = "SCMP_ACT_ALLOW"}}};
    seccomp_data foreign = call_of(3);  // read(2) of i386
    foreign.arch = AUDIT_ARCH_I386;
    EXPECT_NE(verdict(seccomp, foreign), kAllow);
    seccomp.architectures = {"SCMP_ARCH_X86_64", "SCMP_ARCH_X86"};
    EXPECT_EQ(verdict(seccomp, foreign), kAllow);
}

unsigned long flags_of(const std::vector<std::string>& words, const char* action) {
    const oci::Seccomp seccomp{.default_action = "SCMP_ACT_ALLOW",
                               .flags = words,
                               .syscalls = {{.names = {"mount"}, .action = action}}};
    return os::compile_profile(seccomp_profile(seccomp).value()).value().flags;
}

TEST(SeccompWords, HaveFlagsOfTheKernel) {
    EXPECT_EQ(flags_of({}, "SCMP_ACT_LOG"), 0);
    EXPECT_EQ(flags_of({"SECCOMP_FILTER_FLAG_TSYNC"}, "SCMP_ACT_LOG"), 0);
    EXPECT_EQ(
        flags_of({"SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"}, "SCMP_ACT_LOG"),
        SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW);
}

// The kernel takes it of a filter with a listener only.
TEST(SeccompWords, WaitKillablyForAListenerAlone) {
    const std::vector<std::string> words = {"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"};
    EXPECT_EQ(flags_of(words, "SCMP_ACT_LOG"), 0);
    EXPECT_EQ(flags_of(words, "SCMP_ACT_NOTIFY"),
              SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
}

TEST(SeccompWords, AreRefusedWithTheirPath) {
    const auto fails = [](const oci::Seccomp& seccomp, std::string_view why) {
        return fails_saying(seccomp_profile(seccomp), why);
    };
    EXPECT_TRUE(fails({.default_action = "x"}, "defaultAction: unknown action 'x'"));
    EXPECT_TRUE(fails({.default_action = "SCMP_ACT_ALLOW", .flags = {"x"}}, "flags: unknown flag"));
    EXPECT_TRUE(fails({.default_action = "SCMP_ACT_ALLOW", .syscalls = {{.action = "x"}}},
                      "syscalls[0]: unknown action 'x'"));
    EXPECT_TRUE(fails({.default_action = "SCMP_ACT_ALLOW",
                       .syscalls = {{.action = "SCMP_ACT_LOG", .args = {{.op = "x"}}}}},
                      "syscalls[0]: unknown comparison 'x'"));
}

TEST(Notifications, NeedSomebodyWhoListens) {
    using Action = os::SeccompProfile::Action;
    os::SeccompProfile profile{.fallback = Action::allow,
                               .rules = {{.names = {"mount"}, .action = Action::notify}}};
    EXPECT_TRUE(fails_saying(check_notifications(profile, ""), "has no listenerPath"));
    EXPECT_TRUE(succeeds(check_notifications(profile, "/run/s")));
    profile.rules[0].names.emplace_back("sendmsg");
    EXPECT_TRUE(fails_saying(check_notifications(profile, "/run/s"), "cannot be for sendmsg, by"));
    profile.rules[0].names.back() = "recvmsg";
    EXPECT_TRUE(fails_saying(check_notifications(profile, "/run/s"), "cannot be for recvmsg, by"));
    profile = {.fallback = Action::notify};
    EXPECT_TRUE(fails_saying(check_notifications(profile, "/run/s"), "cannot be the default"));
    EXPECT_TRUE(succeeds(check_notifications({.fallback = Action::error}, "")));
}

}  // namespace
}  // namespace sbx::sandbox
