#include "network/relay_confinement.h"

#include <array>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/bpf.h"
#include "os/caps.h"
#include "os/landlock.h"
#include "os/memory.h"
#include "os/process.h"
#include "os/rlimits.h"

namespace sbx::network {

static Result<> hide() {
    if (::prctl(PR_SET_DUMPABLE, 0) == 0) return {};
    return Error::from_errno(errno, "hide the process from others");
}

Result<> leave_all_but(const std::vector<os::FdView>& kept) {
    TRY(hide());
    (void)::setsid();  // so that no key of the person's terminal ends it before the container
    ::signal(SIGPIPE, SIG_IGN);
    const os::Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null) return Error::from_errno(errno, "open '/dev/null'");
    std::vector<os::FdView> all = kept;
    for (const int number : {0, 1, 2}) {
        TRY(os::place_at(null, number));
        all.push_back(os::FdView::number(number));
    }
    TRY(os::close_all_but(all));
    TRY(os::enter_directory("/"));
    TRY(os::set_limit(RLIMIT_CORE, {.rlim_cur = 0, .rlim_max = 0}));
    return os::raise_soft_limit(RLIMIT_NOFILE);
}

// Sockets, and what carries bytes between them; memory; the end.
static constexpr auto kCalls = std::to_array<std::uint32_t>({
    SYS_accept4,        SYS_brk,          SYS_clock_gettime, SYS_close,           SYS_connect,
    SYS_epoll_ctl,      SYS_epoll_pwait,  SYS_exit,          SYS_exit_group,      SYS_futex,
    SYS_getpid,         SYS_getrandom,    SYS_getsockname,   SYS_getsockopt,      SYS_gettid,
    SYS_madvise,        SYS_mmap,         SYS_mprotect,      SYS_mremap,          SYS_munmap,
    SYS_pipe2,          SYS_recvfrom,     SYS_recvmsg,       SYS_restart_syscall, SYS_rt_sigaction,
    SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sendmsg,       SYS_sendto,          SYS_setsockopt,
    SYS_shutdown,       SYS_splice,
#if defined(SYS_epoll_wait)
    SYS_epoll_wait,
#endif
#if defined(SBX_SANITIZED)  // which looks at memory through pipes
    SYS_read,           SYS_write,        SYS_sigaltstack,   SYS_sched_yield,
#endif
});

// Of the Internet, for streams and datagrams.
static os::CallRule sockets(os::Verdict otherwise) {
    constexpr std::uint32_t kTypeOfFlags = 0xf;
    os::CallRule rule{.number = SYS_socket, .otherwise = otherwise};
    for (const int family : {AF_INET, AF_INET6})
        for (const int type : {SOCK_STREAM, SOCK_DGRAM})
            rule.cases.push_back(
                {.tests = {{.argument = 0, .value = static_cast<std::uint32_t>(family)},
                           {.argument = 1,
                            .mask = kTypeOfFlags,
                            .value = static_cast<std::uint32_t>(type)}},
                 .verdict = os::Verdict::allow()});
    return rule;
}

// Where the argument is one of `values`.
static os::CallRule only(std::uint32_t call, unsigned argument,
                         std::initializer_list<std::uint32_t> values) {
    os::CallRule rule{.number = call, .otherwise = os::Verdict::error(EPERM)};
    for (const std::uint32_t value : values)
        rule.cases.push_back(
            {.tests = {{.argument = argument, .value = value}}, .verdict = os::Verdict::allow()});
    return rule;
}

static os::Filter filter() {
    constexpr std::uint32_t kBeyondAll = 1024;
    const os::Verdict no = os::Verdict::error(EPERM);
    os::CallTable table{.architecture = os::kNativeArchitecture,
                        .foreign = no,
                        .end = kBeyondAll,
                        .beyond = no,
                        .unlisted = no};
    for (const std::uint32_t call : kCalls)
        table.rules.push_back({.number = call, .otherwise = os::Verdict::allow()});
    table.rules.push_back(sockets(no));
    table.rules.push_back(
        only(SYS_fcntl, 1, {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETPIPE_SZ, F_SETPIPE_SZ}));
    // Its own end, abort(3), and nobody else's.
    table.rules.push_back(only(SYS_tgkill, 0, {static_cast<std::uint32_t>(::getpid())}));
    return os::assemble(table);
}

Result<> confine_relay() {
    TRY(os::set_capabilities({}));
    TRY(hide());                    // what a change of namespaces has made of it
    TRY(os::die_with_parent());     // which such a change forgets
    (void)TRY(os::confine_to({}));  // before 5.19 there is no Landlock; there the filter does
    TRY(os::forbid_new_privileges());
    os::forget_program_pages();
    TRY(os::install_filter(filter()));
    return {};
}

}  // namespace sbx::network
