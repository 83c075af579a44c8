#include "os/seccomp.h"

#include <algorithm>

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/bpf.h"
#include "os/caps.h"
#include "os/process.h"
#include "support/bpf.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::fails_saying;
using test::in_own_process;
using test::run_filter;
using test::succeeds;
using Action = SeccompProfile::Action;
using Compare = SeccompProfile::Compare;

seccomp_data call_of(int number, std::uint64_t first = 0) {
    seccomp_data call{};
    call.nr = number;
    call.arch = AUDIT_ARCH_X86_64;
    call.args[0] = first;
    return call;
}

std::uint32_t verdict(const SeccompProfile& profile, const seccomp_data& call) {
    return run_filter(compile_profile(profile).value(), call).verdict;
}

// As docker's: nothing but what is named, and of that some by their arguments.
SeccompProfile docker_like() {
    return {.fallback = Action::error,
            .fallback_error = 1,
            .rules = {{.names = {"read", "write", "no_such_call", "socketcall"}},
                      {.names = {"personality"}, .arguments = {{.index = 0, .value = 0}}},
                      {.names = {"personality"}, .arguments = {{.index = 0, .value = 8}}},
                      {.names = {"clone"},
                       .arguments = {{.index = 0,
                                      .compare = Compare::masked_eq,
                                      .value = 0x7e020000,
                                      .value_two = 0}}},
                      {.names = {"clone3"}, .action = Action::error, .error = 38},
                      {.names = {"socket"},
                       .arguments = {{.index = 0, .compare = Compare::lt, .value = 38}}},
                      {.names = {"socket"},
                       .arguments = {{.index = 0, .compare = Compare::gt, .value = 40}}}}};
}

struct Decided {
    int number;
    std::uint64_t argument;
    std::uint32_t verdict;
};

constexpr std::uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr std::uint32_t kDenied = SECCOMP_RET_ERRNO | 1U;

class DockerLike : public testing::TestWithParam<Decided> {};

TEST_P(DockerLike, IsCompiledToWhatItSays) {
    EXPECT_EQ(verdict(docker_like(), call_of(GetParam().number, GetParam().argument)),
              GetParam().verdict);
}

INSTANTIATE_TEST_SUITE_P(
    All, DockerLike,
    testing::Values(Decided{SYS_read, 0, kAllow}, Decided{SYS_write, 9, kAllow},
                    Decided{SYS_mount, 0, kDenied}, Decided{SYS_personality, 0, kAllow},
                    Decided{SYS_personality, 8, kAllow}, Decided{SYS_personality, 9, kDenied},
                    Decided{SYS_clone, 0x11, kAllow}, Decided{SYS_clone, 0x10000000, kDenied},
                    Decided{SYS_clone3, 0, SECCOMP_RET_ERRNO | 38U},
                    Decided{SYS_socket, AF_INET, kAllow}, Decided{SYS_socket, 38, kDenied},
                    Decided{SYS_socket, 40, kDenied}, Decided{SYS_socket, 41, kAllow}));

TEST(Profile, IsOneTheKernelTakes) {
    const Result<Filter> filter = compile_profile(docker_like());
    ASSERT_TRUE(succeeds(filter));
    EXPECT_LE(filter->program.size(), std::size_t{BPF_MAXINSNS});
    in_own_process([&] {
        ASSERT_TRUE(succeeds(forbid_new_privileges()));
        SeccompProfile profile{
            .fallback = Action::allow,
            .rules = {{.names = {"personality"}, .action = Action::error, .error = 95}}};
        ASSERT_TRUE(succeeds(install_filter(*compile_profile(profile))));
        EXPECT_EQ(::personality(0xffffffff), -1);
        EXPECT_EQ(errno, 95);
    });
}

TEST(Profile, OfOtherArchitecturesKnowsTheirNumbers) {
    SeccompProfile profile = docker_like();
    profile.architectures = {"SCMP_ARCH_X86", "SCMP_ARCH_X32", "SCMP_ARCH_X86_64"};
    seccomp_data call = call_of(3);  // read(2) of i386
    call.arch = AUDIT_ARCH_I386;
    EXPECT_EQ(verdict(profile, call), kAllow);
    EXPECT_NE(verdict(docker_like(), call), kAllow) << "the native architecture alone";
}

TEST(Profile, LetsNoX32NumberThroughUnlessItSaysSo) {
    EXPECT_NE(verdict(docker_like(), call_of(SYS_read | 0x40000000)), kAllow);
}

TEST(Profile, NamesWhatItDoesNotKnow) {
    EXPECT_TRUE(fails_saying(compile_profile({.architectures = {"SCMP_ARCH_Z80"}}),
                             "seccomp profile: unknown architecture 'SCMP_ARCH_Z80'"));
    EXPECT_TRUE(
        fails_saying(compile_profile({.rules = {{.names = {"read"}, .arguments = {{.index = 6}}}}}),
                     "seccomp profile: no system call has argument 6"));
}

TEST(Profile, TakesTwoTestsOfOneArgumentForAlternatives) {
    const SeccompProfile profile{
        .rules = {{.names = {"personality"},
                   .arguments = {{.index = 0, .value = 0}, {.index = 0, .value = 8}}}}};
    EXPECT_EQ(verdict(profile, call_of(SYS_personality, 0)), kAllow);
    EXPECT_EQ(verdict(profile, call_of(SYS_personality, 8)), kAllow);
    EXPECT_EQ(verdict(profile, call_of(SYS_personality, 9)), kDenied);
}

TEST(Profile, WantsAllTestsOfSeveralArguments) {
    const SeccompProfile profile{
        .rules = {{.names = {"socket"},
                   .arguments = {{.index = 0, .value = 1}, {.index = 1, .value = 2}}}}};
    seccomp_data call = call_of(SYS_socket, 1);
    EXPECT_EQ(verdict(profile, call), kDenied);
    call.args[1] = 2;
    EXPECT_EQ(verdict(profile, call), kAllow);
}

TEST(Profile, MayRepeatItself) {
    SeccompProfile profile = docker_like();
    profile.rules.push_back(profile.rules.front());
    profile.rules.push_back({.names = {"mount"}, .action = Action::error, .error = 1});
    EXPECT_EQ(verdict(profile, call_of(SYS_read)), kAllow);
    EXPECT_EQ(verdict(profile, call_of(SYS_mount)), kDenied);
}

class Actions : public testing::TestWithParam<std::pair<Action, std::uint32_t>> {};

TEST_P(Actions, BecomeThoseOfTheKernel) {
    const auto& [action, value] = GetParam();
    const SeccompProfile profile{.fallback = Action::allow,
                                 .rules = {{.names = {"mount"}, .action = action, .error = 7}}};
    EXPECT_EQ(verdict(profile, call_of(SYS_mount)), value);
    EXPECT_EQ(verdict(profile, call_of(SYS_read)), kAllow);
}

INSTANTIATE_TEST_SUITE_P(
    All, Actions,
    testing::Values(std::pair(Action::error, SECCOMP_RET_ERRNO | 7U),
                    std::pair(Action::kill_process, std::uint32_t{SECCOMP_RET_KILL_PROCESS}),
                    std::pair(Action::kill_thread, std::uint32_t{SECCOMP_RET_KILL_THREAD}),
                    std::pair(Action::trap, std::uint32_t{SECCOMP_RET_TRAP}),
                    std::pair(Action::log, std::uint32_t{SECCOMP_RET_LOG}),
                    std::pair(Action::trace, SECCOMP_RET_TRACE | 7U)));

struct Compared {
    Compare compare;
    std::uint64_t argument;
    bool holds;
};

class Comparisons : public testing::TestWithParam<Compared> {};

TEST_P(Comparisons, SeeAll64Bits) {
    constexpr std::uint64_t kValue = 0x1'0000'0005;
    const SeccompProfile profile{
        .rules = {
            {.names = {"read"},
             .arguments = {{.index = 0,
                            .compare = GetParam().compare,
                            .value = GetParam().compare == Compare::masked_eq ? ~0ULL : kValue,
                            .value_two = kValue}}}}};
    EXPECT_EQ(verdict(profile, call_of(SYS_read, GetParam().argument)) == kAllow, GetParam().holds);
}

INSTANTIATE_TEST_SUITE_P(
    All, Comparisons,
    testing::Values(
        Compared{Compare::eq, 0x1'0000'0005, true}, Compared{Compare::eq, 5, false},
        Compared{Compare::ne, 5, true}, Compared{Compare::ne, 0x1'0000'0005, false},
        Compared{Compare::lt, 6, true}, Compared{Compare::lt, 0x2'0000'0000, false},
        Compared{Compare::le, 0x1'0000'0005, true}, Compared{Compare::le, 0x1'0000'0006, false},
        Compared{Compare::gt, 0x2'0000'0000, true}, Compared{Compare::gt, 6, false},
        Compared{Compare::ge, 0x1'0000'0005, true}, Compared{Compare::ge, 0x1'0000'0004, false},
        Compared{Compare::masked_eq, 0x1'0000'0005, true}, Compared{Compare::masked_eq, 5, false}));

// The assembler's own filters, in the kernel: socket(2) of one family, whatever the high bits.
TEST(InstallFilter, PutsAnAssembledTableInForce) {
    in_own_process([] {
        const CallTable table{.architecture = AUDIT_ARCH_X86_64,
                              .foreign = {.value = SECCOMP_RET_KILL_PROCESS},
                              .end = 600,
                              .beyond = Verdict::error(38),
                              .unlisted = Verdict::allow(),
                              .rules = {{.number = SYS_socket,
                                         .cases = {{.tests = {{.argument = 0, .value = AF_UNIX}},
                                                    .verdict = Verdict::allow()}},
                                         .otherwise = Verdict::error(97)}}};
        ASSERT_TRUE(succeeds(forbid_new_privileges()));
        ASSERT_TRUE(succeeds(install_filter(assemble(table))));
        EXPECT_GE(::syscall(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), 0);
        EXPECT_GE(::syscall(SYS_socket, AF_UNIX | 1ULL << 32, SOCK_STREAM | SOCK_CLOEXEC, 0), 0);
        EXPECT_EQ(::syscall(SYS_socket, AF_INET | 1ULL << 32, SOCK_STREAM | SOCK_CLOEXEC, 0), -1);
        EXPECT_EQ(errno, 97);
        EXPECT_EQ(::syscall(600), -1);
        EXPECT_EQ(errno, ENOSYS);
        EXPECT_EQ(::syscall(SYS_getpid | 0x40000000), -1) << "x32";
        EXPECT_EQ(errno, ENOSYS);
    });
}

// The child's call waits until somebody who holds the listener has answered it.
TEST(InstallFilter, GivesAListenerThatAnswersCalls) {
    in_own_process([] {
        ASSERT_TRUE(succeeds(forbid_new_privileges()));
        const SeccompProfile profile{
            .fallback = Action::allow,
            .rules = {{.names = {"personality"}, .action = Action::notify}}};
        const Result<Fd> listener = install_filter(compile_profile(profile).value());
        ASSERT_TRUE(succeeds(listener));
        ASSERT_GE(listener->get(), 0);
        EXPECT_NE(::fcntl(listener->get(), F_GETFD) & FD_CLOEXEC, 0);
        const pid_t child = ::fork();
        if (child == 0) ::_exit(::personality(0xffffffff) == -1 && errno == EXDEV ? 0 : 1);
        seccomp_notif call{};
        ASSERT_EQ(::ioctl(listener->get(), SECCOMP_IOCTL_NOTIF_RECV, &call), 0);
        EXPECT_EQ(call.data.nr, SYS_personality);
        seccomp_notif_resp answer{.id = call.id, .val = 0, .error = -EXDEV, .flags = 0};
        ASSERT_EQ(::ioctl(listener->get(), SECCOMP_IOCTL_NOTIF_SEND, &answer), 0);
        int status = 1;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_EQ(status, 0);
    });
}

TEST(InstallFilter, GivesNoListenerToWhoAsksForNone) {
    in_own_process([] {
        ASSERT_TRUE(succeeds(forbid_new_privileges()));
        const SeccompProfile profile{
            .fallback = Action::allow,
            .rules = {{.names = {"personality"}, .action = Action::error, .error = 95}},
            .flags = SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV};
        const Result<Fd> listener = install_filter(compile_profile(profile).value());
        ASSERT_TRUE(succeeds(listener));
        EXPECT_LT(listener->get(), 0);
        EXPECT_EQ(::personality(0xffffffff), -1);
        EXPECT_EQ(errno, 95);
    });
}

// 65537 instructions must not pass for one that allows everything.
TEST(InstallFilter, OfMoreThanTheKernelTakesIsRefused) {
    in_own_process([] {
        ASSERT_TRUE(succeeds(forbid_new_privileges()));
        const sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
        const Filter filter{.program = std::vector(65537, allow)};
        EXPECT_TRUE(fails_saying(install_filter(filter), "the system call filter is too long"));
    });
}

TEST(InstallFilter, SaysWhatTheKernelDoesNotTake) {
    in_own_process([] {
        ASSERT_TRUE(succeeds(forbid_new_privileges()));
        EXPECT_TRUE(fails_saying(install_filter({}), "install the system call filter: Invalid"));
    });
}

}  // namespace
}  // namespace sbx::os
