#include "network/confinement.h"

#include <array>
#include <initializer_list>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/bpf.h"
#include "os/caps.h"
#include "os/file.h"
#include "os/inherited.h"
#include "os/landlock.h"
#include "os/process.h"
#include "os/rlimits.h"

namespace sbx::network {

namespace {

// Sockets that are there; memory; the end.
constexpr auto kCalls = std::to_array<std::uint32_t>({
    SYS_brk,          SYS_clock_gettime, SYS_close,          SYS_connect,      SYS_exit,
    SYS_exit_group,   SYS_futex,         SYS_getpid,         SYS_getrandom,    SYS_getsockname,
    SYS_getsockopt,   SYS_gettid,        SYS_madvise,        SYS_mremap,       SYS_munmap,
    SYS_recvfrom,     SYS_recvmsg,       SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_restart_syscall,
    SYS_sendmsg,      SYS_sendto,        SYS_setsockopt,     SYS_shutdown,
// A build with sanitizers looks at memory through pipes, and changes what it maps.
#if defined(SBX_SANITIZED)
    SYS_pipe2,        SYS_read,          SYS_write,          SYS_mprotect,     SYS_sigaltstack,
    SYS_rt_sigaction, SYS_sched_yield,
#endif
});

}  // namespace

static Result<> hide() {
    if (::prctl(PR_SET_DUMPABLE, 0) == 0) return {};
    return Error::from_errno(errno, "hide the process from others");
}

Result<> leave_all_but(std::vector<os::FdView> kept) {
    TRY(hide());
    (void)::setsid();  // so that no key of the person's terminal ends it before the container
    ::signal(SIGPIPE, SIG_IGN);
    TRY(os::give_null({0, 1, 2}));
    for (const int number : {0, 1, 2})
        kept.push_back(os::FdView::number(number));
    TRY(os::close_all_but(std::move(kept)));
    TRY(os::enter_directory("/"));
    return os::set_limit(RLIMIT_CORE, {.rlim_cur = 0, .rlim_max = 0});
}

static void allow(os::CallTable& table, std::span<const std::uint32_t> calls) {
    for (const std::uint32_t call : calls)
        table.rules.push_back({.number = call, .otherwise = os::Verdict::allow()});
}

// Where one of `cases` holds; else it is refused.
static void allow_where(os::CallTable& table, std::uint32_t call,
                        std::vector<std::vector<os::ArgumentTest>> cases) {
    os::CallRule rule{.number = call, .otherwise = os::Verdict::error(EPERM)};
    for (std::vector<os::ArgumentTest>& tests : cases)
        rule.cases.push_back({.tests = std::move(tests), .verdict = os::Verdict::allow()});
    table.rules.push_back(std::move(rule));
}

static void allow_values(os::CallTable& table, std::uint32_t call, unsigned argument,
                         std::span<const std::uint32_t> values) {
    std::vector<std::vector<os::ArgumentTest>> cases;
    cases.reserve(values.size());
    for (const std::uint32_t value : values)
        cases.push_back({{.argument = argument, .value = value}});
    allow_where(table, call, std::move(cases));
}

static void allow_sockets(os::CallTable& table) {
    constexpr std::uint32_t kType = 0xf;  // without SOCK_CLOEXEC and SOCK_NONBLOCK
    std::vector<std::vector<os::ArgumentTest>> cases;
    for (const std::uint32_t family : {std::uint32_t{AF_INET}, std::uint32_t{AF_INET6}})
        for (const std::uint32_t type : {std::uint32_t{SOCK_STREAM}, std::uint32_t{SOCK_DGRAM}})
            cases.push_back(
                {{.argument = 0, .value = family}, {.argument = 1, .mask = kType, .value = type}});
    allow_where(table, SYS_socket, std::move(cases));
}

static os::Filter filter(const OwnCalls& own) {
    constexpr std::uint32_t kBeyondAll = 1024;
    constexpr auto kOfDescriptors = std::to_array<std::uint32_t>(
        {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETPIPE_SZ, F_SETPIPE_SZ});
    const os::Verdict no = os::Verdict::error(EPERM);
    os::CallTable table{.architecture = os::kNativeArchitecture,
                        .foreign = no,
                        .end = kBeyondAll,
                        .beyond = no,
                        .unlisted = no};
    allow(table, kCalls);
    allow(table, own.calls);
    allow_sockets(table);
    allow_values(table, SYS_fcntl, 1, kOfDescriptors);
    if (!own.requests.empty()) allow_values(table, SYS_ioctl, 1, own.requests);
    // Its own end, abort(3), and nobody else's.
    const std::array<std::uint32_t, 1> self = {static_cast<std::uint32_t>(::getpid())};
    allow_values(table, SYS_tgkill, 0, self);
    // Memory, and never a program in it.
    allow_where(table, SYS_mmap, {{{.argument = 2, .mask = PROT_EXEC, .value = 0}}});
    return os::assemble(table);
}

Result<> confine(const OwnCalls& own) {
    TRY(os::set_capabilities({}));
    TRY(hide());  // what a change of namespaces has made of it
    if (own.ends_with_parent) TRY(os::die_with_parent());  // which such a change forgets
    (void)TRY(os::confine_to({}));  // before 5.19 the filter is what keeps files away
    TRY(os::forbid_new_privileges());
    (void)TRY(os::install_filter(filter(own)));
    return {};
}

}  // namespace sbx::network
