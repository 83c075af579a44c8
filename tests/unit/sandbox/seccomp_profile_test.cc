#include "sandbox/seccomp_profile.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <random>
#include <set>

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <gtest/gtest.h>

#include "support/bpf.h"

namespace sbx::sandbox {
namespace {

using Arguments = std::array<std::uint64_t, 6>;

constexpr std::uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr std::uint32_t kX32 = 0x40000000;
constexpr std::uint32_t kRefused = SECCOMP_RET_ERRNO | EPERM;
constexpr std::uint32_t kAbsent = SECCOMP_RET_ERRNO | ENOSYS;
constexpr std::uint32_t kNoFamily = SECCOMP_RET_ERRNO | EAFNOSUPPORT;
constexpr std::uint32_t kNoProtocol = SECCOMP_RET_ERRNO | EPROTONOSUPPORT;

// What the low half of an argument cannot say, and a filter that is stepped around would see.
constexpr std::uint64_t kHighBits[] = {0, std::uint64_t{1} << 32, std::uint64_t{0xdeadbeef} << 32,
                                       std::uint64_t{0xffffffff} << 32};

std::uint32_t number_of(std::string_view name) {
    const std::optional<std::uint32_t> number = os::syscall_number(name);
    EXPECT_TRUE(number) << name;
    return number.value_or(0xffffffff);
}

std::uint32_t verdict_on(const os::Filter& filter, std::uint32_t number,
                         const Arguments& arguments = {},
                         std::uint32_t architecture = os::kNativeArchitecture) {
    seccomp_data call{};
    call.nr = static_cast<int>(number);
    call.arch = architecture;
    std::ranges::copy(arguments, std::begin(call.args));
    return test::run_filter(filter, call).verdict;
}

constexpr os::CapabilitySet only(int capability) { return std::uint64_t{1} << capability; }

// Of the default filter for `capabilities`, over all high bits of all arguments, which must not
// matter.
std::uint32_t verdict(std::string_view name, const Arguments& arguments = {},
                      os::CapabilitySet capabilities = 0) {
    const os::Filter filter = default_filter(capabilities);
    const std::uint32_t plain = verdict_on(filter, number_of(name), arguments);
    for (const std::uint64_t high : kHighBits) {
        Arguments dirty = arguments;
        for (std::uint64_t& argument : dirty)
            argument |= high;
        EXPECT_EQ(verdict_on(filter, number_of(name), dirty), plain) << name << " " << high;
    }
    return plain;
}

// What no container may do, told so: it is known, and known to be refused.
constexpr std::string_view kRefusedNames[] = {
    "_sysctl",
    "acct",
    "add_key",
    "afs_syscall",
    "bpf",
    "chroot",
    "clock_settime",
    "create_module",
    "delete_module",
    "fanotify_init",
    "finit_module",
    "get_kernel_syms",
    "getpmsg",
    "init_module",
    "ioperm",
    "iopl",
    "kcmp",
    "kexec_file_load",
    "kexec_load",
    "keyctl",
    "lookup_dcookie",
    "lsm_set_self_attr",
    "migrate_pages",
    "modify_ldt",
    "mount",
    "move_pages",
    "nfsservctl",
    "open_by_handle_at",
    "perf_event_open",
    "pidfd_getfd",
    "pivot_root",
    "process_madvise",
    "putpmsg",
    "query_module",
    "quotactl",
    "quotactl_fd",
    "reboot",
    "request_key",
    "security",
    "setdomainname",
    "sethostname",
    "setns",
    "settimeofday",
    "swapoff",
    "swapon",
    "sysfs",
    "syslog",
    "tuxcall",
    "umount2",
    "uselib",
    "vhangup",
    "vmsplice",
    "vserver",
};

// What programs probe for and do without.
constexpr std::string_view kAbsentNames[] = {
    "clone3",         "fsconfig",          "fsmount",        "fsopen",        "fspick",
    "io_uring_enter", "io_uring_register", "io_uring_setup", "mount_setattr", "move_mount",
    "open_tree",      "open_tree_attr",    "userfaultfd",
};

TEST(DefaultFilter, IsOneThatTheKernelTakes) {
    for (const os::CapabilitySet set : {os::CapabilitySet{0}, ~os::CapabilitySet{0}}) {
        EXPECT_TRUE(test::is_acceptable(default_filter(set)));
        EXPECT_LT(default_filter(set).program.size(), 1200U);
    }
}

TEST(DefaultFilter, RefusesWhatIsForAdministratorsOfTheMachine) {
    for (const std::string_view name : kRefusedNames)
        EXPECT_EQ(verdict(name), kRefused) << name;
}

TEST(DefaultFilter, DeniesTheExistenceOfWhatProgramsDoWithout) {
    for (const std::string_view name : kAbsentNames)
        EXPECT_EQ(verdict(name), kAbsent) << name;
}

// So that a call somebody adds to the table of what is allowed is added here, too, or seen.
TEST(DefaultFilter, AllowsAllElseThatTheMachineHas) {
    if (os::kNativeArchitecture != AUDIT_ARCH_X86_64) GTEST_SKIP() << "the numbers are x86-64's";
    std::set<std::uint32_t> refused;
    for (const std::string_view name : kRefusedNames)
        refused.insert(number_of(name));
    for (const std::string_view name : kAbsentNames)
        refused.insert(number_of(name));
    refused.insert({number_of("socket"), number_of("socketpair")});  // of family 0
    const os::Filter filter = default_filter(0);
    for (std::uint32_t number = 0; number < os::kSyscallsEnd; ++number) {
        if (number > number_of("rseq") && number < number_of("pidfd_send_signal")) continue;
        EXPECT_EQ(verdict_on(filter, number) == kAllow, !refused.contains(number)) << number;
    }
}

TEST(DefaultFilter, DeniesTheExistenceOfWhatIsNewerThanItself) {
    for (const os::CapabilitySet set : {os::CapabilitySet{0}, ~os::CapabilitySet{0}}) {
        const os::Filter filter = default_filter(set);
        for (const std::uint32_t number : {os::kSyscallsEnd, os::kSyscallsEnd + 1, 1000U,
                                           0x3fffffffU, 0x7fffffffU, 0x80000000U, 0xffffffffU})
            EXPECT_EQ(verdict_on(filter, number), kAbsent) << number;
    }
}

TEST(DefaultFilter, HasNoX32) {
    const os::Filter filter = default_filter(~os::CapabilitySet{0});
    for (std::uint32_t number = 0; number < os::kSyscallsEnd + 100; ++number)
        EXPECT_EQ(verdict_on(filter, number | kX32), kAbsent) << number;
}

TEST(DefaultFilter, HasNoOtherArchitecture) {
    const os::Filter filter = default_filter(~os::CapabilitySet{0});
    constexpr std::uint32_t kArchitectures[] = {
        AUDIT_ARCH_I386, AUDIT_ARCH_X86_64, AUDIT_ARCH_ARM, AUDIT_ARCH_AARCH64, 0, 0xffffffff};
    for (const std::uint32_t architecture : kArchitectures) {
        if (architecture == os::kNativeArchitecture) continue;
        for (std::uint32_t number = 0; number < os::kSyscallsEnd; ++number)
            EXPECT_EQ(verdict_on(filter, number, {}, architecture), kAbsent) << number;
    }
}

// Of any call, whatever its arguments, the high halves decide nothing: the kernel drops them.
TEST(DefaultFilter, LooksAtTheHalfOfAnArgumentThatTheKernelTakes) {
    std::mt19937_64 random(20250101);
    for (const os::CapabilitySet set : {os::CapabilitySet{0}, only(CAP_NET_RAW)}) {
        const os::Filter filter = default_filter(set);
        for (int i = 0; i < 200'000; ++i) {
            const auto number = static_cast<std::uint32_t>(random() % os::kSyscallsEnd);
            Arguments dirty;
            Arguments clean;
            for (std::size_t a = 0; a < dirty.size(); ++a) {
                dirty[a] = random() & (random() % 2 == 0 ? ~std::uint64_t{0} : 0xffffffff0000003f);
                clean[a] = dirty[a] & 0xffffffff;
            }
            ASSERT_EQ(verdict_on(filter, number, dirty), verdict_on(filter, number, clean))
                << number;
        }
    }
}

TEST(DefaultFilter, AllowsThreadsAndChildrenButNoNamespaces) {
    EXPECT_EQ(verdict("clone", {CLONE_VM | CLONE_THREAD | CLONE_SIGHAND}), kAllow);
    EXPECT_EQ(verdict("clone", {SIGCHLD}), kAllow);
    EXPECT_EQ(verdict("unshare", {CLONE_FILES | CLONE_FS}), kAllow);
    for (const std::uint64_t kind : {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
                                     CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET})
        for (const std::uint64_t more : {0, SIGCHLD, CLONE_VM | CLONE_FILES}) {
            EXPECT_EQ(verdict("clone", {kind | more}), kRefused) << kind;
            EXPECT_EQ(verdict("unshare", {kind | more}), kRefused) << kind;
        }
    EXPECT_EQ(verdict("unshare", {0x80}), kRefused) << "CLONE_NEWTIME";
    EXPECT_EQ(verdict("clone", {0x80}), kAllow) << "there it is a part of the signal";
}

TEST(DefaultFilter, HasTheSocketsOfOrdinaryPrograms) {
    for (const char* call : {"socket", "socketpair"})
        for (std::uint64_t family = 0; family < 64; ++family) {
            const bool ordinary = family == AF_UNIX || family == AF_INET || family == AF_INET6 ||
                                  family == AF_NETLINK;
            EXPECT_EQ(verdict(call, {family, SOCK_STREAM, 0}), ordinary ? kAllow : kNoFamily)
                << call << " " << family;
        }
}

TEST(DefaultFilter, HasTheNetlinkOfOrdinaryPrograms) {
    for (std::uint64_t protocol = 0; protocol < 32; ++protocol) {
        const bool ordinary = protocol == NETLINK_ROUTE || protocol == NETLINK_SOCK_DIAG ||
                              protocol == NETLINK_KOBJECT_UEVENT || protocol == NETLINK_GENERIC;
        EXPECT_EQ(verdict("socket", {AF_NETLINK, SOCK_RAW, protocol}),
                  ordinary ? kAllow : kNoProtocol)
            << protocol;
    }
    EXPECT_EQ(verdict("socket", {AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER}, only(CAP_NET_ADMIN)),
              kAllow);
}

TEST(DefaultFilter, RefusesToTypeForWhoeverLooksOn) {
    constexpr std::uint64_t kTypeForThem = TIOCSTI;
    constexpr std::uint64_t kLinuxConsole = 0x541c;
    constexpr std::uint64_t kLineDiscipline = TIOCSETD;
    for (const std::uint64_t command : {kTypeForThem, kLinuxConsole, kLineDiscipline})
        for (const os::CapabilitySet set : {os::CapabilitySet{0}, ~os::CapabilitySet{0}})
            EXPECT_EQ(verdict("ioctl", {0, command}, set), kRefused) << command;
    for (const std::uint64_t command : {std::uint64_t{TCGETS}, std::uint64_t{TIOCGWINSZ},
                                        std::uint64_t{FIONREAD}, std::uint64_t{TIOCSCTTY}})
        EXPECT_EQ(verdict("ioctl", {0, command}), kAllow) << command;
}

TEST(DefaultFilter, HasFivePersonalities) {
    for (const std::uint64_t persona : {0x0, 0x8, 0x20000, 0x20008})
        EXPECT_EQ(verdict("personality", {persona}), kAllow) << persona;
    EXPECT_EQ(verdict("personality", {0xffffffff}), kAllow) << "it asks which one this is";
    for (const std::uint64_t persona : {0x40000, 0x400000, 0x100000, 0x1, 0x20001})
        EXPECT_EQ(verdict("personality", {persona}), kRefused) << persona;
}

TEST(DefaultFilter, LetsDebuggersAndSandboxesWork) {
    for (const char* name : {"ptrace", "process_vm_readv", "process_vm_writev", "seccomp", "prctl",
                             "landlock_restrict_self", "memfd_secret", "name_to_handle_at", "mbind",
                             "set_mempolicy", "io_submit"})
        EXPECT_EQ(verdict(name), kAllow) << name;
}

struct Widening {
    int capability;
    std::vector<std::string_view> calls;
};

TEST(DefaultFilter, AllowsWhatACapabilityIsForWithIt) {
    const Widening kWidenings[] = {
        {CAP_SYS_ADMIN, {"mount", "umount2", "clone3", "fsopen", "open_tree", "setns", "bpf"}},
        {CAP_SYS_CHROOT, {"chroot"}},
        {CAP_SYS_MODULE, {"init_module", "finit_module", "delete_module"}},
        {CAP_SYS_TIME, {"clock_settime", "settimeofday"}},
        {CAP_SYS_BOOT, {"reboot"}},
        {CAP_SYS_PTRACE, {"kcmp", "pidfd_getfd", "process_madvise"}},
        {CAP_DAC_READ_SEARCH, {"open_by_handle_at"}},
        {CAP_SYSLOG, {"syslog"}},
        {CAP_BPF, {"bpf"}},
        {CAP_PERFMON, {"perf_event_open"}}};
    for (const Widening& widening : kWidenings)
        for (const std::string_view name : widening.calls) {
            EXPECT_EQ(verdict(name, {}, only(widening.capability)), kAllow) << name;
            EXPECT_NE(verdict(name, {},
                              ~only(widening.capability) & ~only(CAP_SYS_ADMIN) & ~only(CAP_BPF) &
                                  ~only(CAP_PERFMON) & ~only(CAP_SYSLOG)),
                      kAllow)
                << name;
        }
}

TEST(DefaultFilter, LetsAnAdministratorMakeNamespaces) {
    EXPECT_EQ(verdict("unshare", {CLONE_NEWUSER}, only(CAP_SYS_ADMIN)), kAllow);
    EXPECT_EQ(verdict("clone", {CLONE_NEWNET}, only(CAP_SYS_ADMIN)), kAllow);
}

TEST(DefaultFilter, HasRawSocketsWithTheCapabilityForThem) {
    for (const std::uint64_t family : {AF_PACKET, AF_XDP}) {
        EXPECT_EQ(verdict("socket", {family, SOCK_RAW, 0}, only(CAP_NET_RAW)), kAllow);
        EXPECT_EQ(verdict("socket", {family, SOCK_RAW, 0}, ~only(CAP_NET_RAW)), kNoFamily);
    }
}

TEST(DefaultFilter, NeverHasTheFamiliesInWhichKernelsBreak) {
    for (const std::uint64_t family : {AF_ALG, AF_VSOCK, AF_CAN, AF_RDS, AF_TIPC, AF_BLUETOOTH})
        EXPECT_EQ(verdict("socket", {family, SOCK_SEQPACKET, 0}, ~os::CapabilitySet{0}), kNoFamily)
            << family;
}

// Not even the root of a container that has every capability may do what is not its namespace's.
TEST(DefaultFilter, RefusesSomeThingsToEverybody) {
    for (const char* name : {"kexec_load", "kexec_file_load", "swapon", "swapoff", "keyctl",
                             "add_key", "request_key", "modify_ldt", "vmsplice", "lookup_dcookie"})
        EXPECT_EQ(verdict(name, {}, ~os::CapabilitySet{0}), kRefused) << name;
    for (const char* name : {"io_uring_setup", "userfaultfd"})
        EXPECT_EQ(verdict(name, {}, ~os::CapabilitySet{0}), kAbsent) << name;
}

// A filter costs every call of the container its length on that call's way.
TEST(DefaultFilter, AnswersMostCallsInAFewSteps) {
    const os::Filter filter = default_filter(0);
    for (const char* name : {"read", "write", "openat", "futex", "epoll_wait", "getppid"}) {
        seccomp_data call{};
        call.nr = static_cast<int>(number_of(name));
        call.arch = os::kNativeArchitecture;
        EXPECT_LE(test::run_filter(filter, call).path.size(), 16U) << name;
    }
}

}  // namespace
}  // namespace sbx::sandbox
