#include "sandbox/seccomp_profile.h"

#include <array>
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

namespace sbx::sandbox {

using os::ArgumentTest;
using os::CallRule;
using os::Verdict;

namespace {

constexpr std::string_view kAllowed[] = {
    "accept",
    "accept4",
    "access",
    "adjtimex",
    "alarm",
    "arch_prctl",
    "bind",
    "brk",
    "cachestat",
    "capget",
    "capset",
    "chdir",
    "chmod",
    "chown",
    "clock_adjtime",
    "clock_getres",
    "clock_gettime",
    "clock_nanosleep",
    "close",
    "close_range",
    "connect",
    "copy_file_range",
    "creat",
    "dup",
    "dup2",
    "dup3",
    "epoll_create",
    "epoll_create1",
    "epoll_ctl",
    "epoll_ctl_old",
    "epoll_pwait",
    "epoll_pwait2",
    "epoll_wait",
    "epoll_wait_old",
    "eventfd",
    "eventfd2",
    "execve",
    "execveat",
    "exit",
    "exit_group",
    "faccessat",
    "faccessat2",
    "fadvise64",
    "fallocate",
    "fanotify_mark",
    "fchdir",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "fchown",
    "fchownat",
    "fcntl",
    "fdatasync",
    "fgetxattr",
    "file_getattr",
    "file_setattr",
    "flistxattr",
    "flock",
    "fork",
    "fremovexattr",
    "fsetxattr",
    "fstat",
    "fstatfs",
    "fsync",
    "ftruncate",
    "futex",
    "futex_requeue",
    "futex_wait",
    "futex_waitv",
    "futex_wake",
    "futimesat",
    "get_mempolicy",
    "get_robust_list",
    "get_thread_area",
    "getcpu",
    "getcwd",
    "getdents",
    "getdents64",
    "getegid",
    "geteuid",
    "getgid",
    "getgroups",
    "getitimer",
    "getpeername",
    "getpgid",
    "getpgrp",
    "getpid",
    "getppid",
    "getpriority",
    "getrandom",
    "getresgid",
    "getresuid",
    "getrlimit",
    "getrusage",
    "getsid",
    "getsockname",
    "getsockopt",
    "gettid",
    "gettimeofday",
    "getuid",
    "getxattr",
    "getxattrat",
    "inotify_add_watch",
    "inotify_init",
    "inotify_init1",
    "inotify_rm_watch",
    "io_cancel",
    "io_destroy",
    "io_getevents",
    "io_pgetevents",
    "io_setup",
    "io_submit",
    "ioprio_get",
    "ioprio_set",
    "kill",
    "landlock_add_rule",
    "landlock_create_ruleset",
    "landlock_restrict_self",
    "lchown",
    "lgetxattr",
    "link",
    "linkat",
    "listen",
    "listmount",
    "listxattr",
    "listxattrat",
    "llistxattr",
    "lremovexattr",
    "lseek",
    "lsetxattr",
    "lsm_get_self_attr",
    "lsm_list_modules",
    "lstat",
    "madvise",
    "map_shadow_stack",
    "mbind",
    "membarrier",
    "memfd_create",
    "memfd_secret",
    "mincore",
    "mkdir",
    "mkdirat",
    "mknod",
    "mknodat",
    "mlock",
    "mlock2",
    "mlockall",
    "mmap",
    "mprotect",
    "mq_getsetattr",
    "mq_notify",
    "mq_open",
    "mq_timedreceive",
    "mq_timedsend",
    "mq_unlink",
    "mremap",
    "mseal",
    "msgctl",
    "msgget",
    "msgrcv",
    "msgsnd",
    "msync",
    "munlock",
    "munlockall",
    "munmap",
    "name_to_handle_at",
    "nanosleep",
    "newfstatat",
    "open",
    "openat",
    "openat2",
    "pause",
    "pidfd_open",
    "pidfd_send_signal",
    "pipe",
    "pipe2",
    "pkey_alloc",
    "pkey_free",
    "pkey_mprotect",
    "poll",
    "ppoll",
    "prctl",
    "pread64",
    "preadv",
    "preadv2",
    "prlimit64",
    "process_mrelease",
    "process_vm_readv",
    "process_vm_writev",
    "pselect6",
    "ptrace",
    "pwrite64",
    "pwritev",
    "pwritev2",
    "read",
    "readahead",
    "readlink",
    "readlinkat",
    "readv",
    "recvfrom",
    "recvmmsg",
    "recvmsg",
    "remap_file_pages",
    "removexattr",
    "removexattrat",
    "rename",
    "renameat",
    "renameat2",
    "restart_syscall",
    "riscv_flush_icache",
    "riscv_hwprobe",
    "rmdir",
    "rseq",
    "rt_sigaction",
    "rt_sigpending",
    "rt_sigprocmask",
    "rt_sigqueueinfo",
    "rt_sigreturn",
    "rt_sigsuspend",
    "rt_sigtimedwait",
    "rt_tgsigqueueinfo",
    "sched_get_priority_max",
    "sched_get_priority_min",
    "sched_getaffinity",
    "sched_getattr",
    "sched_getparam",
    "sched_getscheduler",
    "sched_rr_get_interval",
    "sched_setaffinity",
    "sched_setattr",
    "sched_setparam",
    "sched_setscheduler",
    "sched_yield",
    "seccomp",
    "select",
    "semctl",
    "semget",
    "semop",
    "semtimedop",
    "sendfile",
    "sendmmsg",
    "sendmsg",
    "sendto",
    "set_mempolicy",
    "set_mempolicy_home_node",
    "set_robust_list",
    "set_thread_area",
    "set_tid_address",
    "setfsgid",
    "setfsuid",
    "setgid",
    "setgroups",
    "setitimer",
    "setpgid",
    "setpriority",
    "setregid",
    "setresgid",
    "setresuid",
    "setreuid",
    "setrlimit",
    "setsid",
    "setsockopt",
    "setuid",
    "setxattr",
    "setxattrat",
    "shmat",
    "shmctl",
    "shmdt",
    "shmget",
    "shutdown",
    "sigaltstack",
    "signalfd",
    "signalfd4",
    "splice",
    "stat",
    "statfs",
    "statmount",
    "statx",
    "symlink",
    "symlinkat",
    "sync",
    "sync_file_range",
    "syncfs",
    "sysinfo",
    "tee",
    "tgkill",
    "time",
    "timer_create",
    "timer_delete",
    "timer_getoverrun",
    "timer_gettime",
    "timer_settime",
    "timerfd_create",
    "timerfd_gettime",
    "timerfd_settime",
    "times",
    "tkill",
    "truncate",
    "umask",
    "uname",
    "unlink",
    "unlinkat",
    "ustat",
    "utime",
    "utimensat",
    "utimes",
    "vfork",
    "wait4",
    "waitid",
    "write",
    "writev",
};

// A program that is told "no such call" takes the older way; told "not permitted", it gives up.
constexpr std::string_view kAbsent[] = {
    "clone3",        "io_uring_setup", "io_uring_enter", "io_uring_register", "open_tree",
    "move_mount",    "fsopen",         "fsconfig",       "fsmount",           "fspick",
    "mount_setattr", "open_tree_attr", "userfaultfd",
};

struct Gated {
    int capability;
    std::string_view name;
};

constexpr Gated kGated[] = {
    {CAP_DAC_READ_SEARCH, "open_by_handle_at"},
    {CAP_SYS_ADMIN, "bpf"},
    {CAP_SYS_ADMIN, "clone3"},
    {CAP_SYS_ADMIN, "fanotify_init"},
    {CAP_SYS_ADMIN, "fsconfig"},
    {CAP_SYS_ADMIN, "fsmount"},
    {CAP_SYS_ADMIN, "fsopen"},
    {CAP_SYS_ADMIN, "fspick"},
    {CAP_SYS_ADMIN, "lsm_set_self_attr"},
    {CAP_SYS_ADMIN, "mount"},
    {CAP_SYS_ADMIN, "mount_setattr"},
    {CAP_SYS_ADMIN, "move_mount"},
    {CAP_SYS_ADMIN, "open_tree"},
    {CAP_SYS_ADMIN, "open_tree_attr"},
    {CAP_SYS_ADMIN, "perf_event_open"},
    {CAP_SYS_ADMIN, "pivot_root"},
    {CAP_SYS_ADMIN, "quotactl"},
    {CAP_SYS_ADMIN, "quotactl_fd"},
    {CAP_SYS_ADMIN, "setdomainname"},
    {CAP_SYS_ADMIN, "sethostname"},
    {CAP_SYS_ADMIN, "setns"},
    {CAP_SYS_ADMIN, "syslog"},
    {CAP_SYS_ADMIN, "umount2"},
    {CAP_SYS_BOOT, "reboot"},
    {CAP_SYS_CHROOT, "chroot"},
    {CAP_SYS_MODULE, "delete_module"},
    {CAP_SYS_MODULE, "finit_module"},
    {CAP_SYS_MODULE, "init_module"},
    {CAP_SYS_PACCT, "acct"},
    {CAP_SYS_PTRACE, "kcmp"},
    {CAP_SYS_PTRACE, "pidfd_getfd"},
    {CAP_SYS_PTRACE, "process_madvise"},
    {CAP_SYS_RAWIO, "ioperm"},
    {CAP_SYS_RAWIO, "iopl"},
    {CAP_SYS_TIME, "clock_settime"},
    {CAP_SYS_TIME, "settimeofday"},
    {CAP_SYS_TTY_CONFIG, "vhangup"},
    {CAP_SYSLOG, "syslog"},
    {CAP_BPF, "bpf"},
    {CAP_PERFMON, "perf_event_open"},
};

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
