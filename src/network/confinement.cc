#include "network/confinement.h"

#include <algorithm>
#include <array>
#include <span>

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/bpf.h"
#include "os/caps.h"
#include "os/landlock.h"
#include "os/process.h"
#include "os/rlimits.h"

namespace sbx::network {

namespace {

constexpr auto kCalls = std::to_array<int>({
    SYS_bind,      SYS_brk,         SYS_clock_gettime,  SYS_close,        SYS_connect,
    SYS_exit,      SYS_exit_group,  SYS_futex,          SYS_getpeername,  SYS_getpid,
    SYS_getrandom, SYS_getsockname, SYS_getsockopt,     SYS_gettid,       SYS_madvise,
    SYS_munmap,    SYS_mremap,      SYS_ppoll,          SYS_read,         SYS_readv,
    SYS_recvfrom,  SYS_recvmsg,     SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_restart_syscall,
    SYS_sendmsg,   SYS_sendto,      SYS_setsockopt,     SYS_shutdown,     SYS_write,
    SYS_writev,
#if defined(SYS_poll)
    SYS_poll,
#endif
});

// A build with sanitizers looks at memory through pipes, and changes what it maps.
#if defined(SBX_SANITIZED)
constexpr auto kInstruments = std::to_array<int>(
    {SYS_pipe2, SYS_mprotect, SYS_sigaltstack, SYS_rt_sigaction, SYS_sched_yield});
#else
constexpr std::array<int, 0> kInstruments = {};
#endif

}  // namespace

static void allow(os::CallTable& table, std::span<const int> calls) {
    for (const int call : calls)
        table.rules.push_back(
            {.number = static_cast<std::uint32_t>(call), .otherwise = os::Verdict::allow()});
}

// Where one of `cases` holds; else it is refused.
static void allow_where(os::CallTable& table, int call,
                        std::vector<std::vector<os::ArgumentTest>> cases) {
    os::CallRule rule{.number = static_cast<std::uint32_t>(call),
                      .otherwise = os::Verdict::error(EPERM)};
    for (std::vector<os::ArgumentTest>& tests : cases)
        rule.cases.push_back({.tests = std::move(tests), .verdict = os::Verdict::allow()});
    table.rules.push_back(std::move(rule));
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

static void allow_first(os::CallTable& table, int call, unsigned argument,
                        std::initializer_list<std::uint32_t> values) {
    std::vector<std::vector<os::ArgumentTest>> cases;
    for (const std::uint32_t value : values)
        cases.push_back({{.argument = argument, .value = value}});
    allow_where(table, call, std::move(cases));
}

static os::Filter filter() {
    constexpr std::uint32_t kBeyondAll = 1024;
    const os::Verdict no = os::Verdict::error(EPERM);
    os::CallTable table{.architecture = os::kNativeArchitecture,
                        .foreign = no,
                        .end = kBeyondAll,
                        .beyond = no,
                        .unlisted = no};
    allow(table, kCalls);
    allow(table, kInstruments);
    allow_sockets(table);
    allow_first(table, SYS_fcntl, 1, {F_GETFD, F_SETFD, F_GETFL, F_SETFL});
    allow_first(table, SYS_ioctl, 1, {FIONREAD, FIONBIO, SIOCATMARK});
    // Its own end, abort(3), and nobody else's.
    allow_first(table, SYS_tgkill, 0, {static_cast<std::uint32_t>(::getpid())});
    // Memory, and never a program in it.
    allow_where(table, SYS_mmap, {{{.argument = 2, .mask = PROT_EXEC, .value = 0}}});
    return os::assemble(table);
}

static Result<> leave_descriptors(std::vector<os::FdView> kept) {
    const os::Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null) return Error::from_errno(errno, "open '/dev/null'");
    for (const int number : {0, 1, 2}) {
        TRY(os::place_at(null, number));
        kept.push_back(os::FdView::number(number));
    }
    return os::close_all_but(std::move(kept));
}

// As many connections as a busy server has, whatever the person's own limit. The stack's memory
// grows with them, and with what a container sends, and is not the container's.
static Result<> limit_resources() {
    constexpr rlim_t kMostSockets = 4096;
#if !defined(SBX_SANITIZED)  // which maps all memory there is
    constexpr rlimit kMostMemory{.rlim_cur = rlim_t{512} << 20, .rlim_max = rlim_t{512} << 20};
    TRY(os::set_limit(RLIMIT_DATA, kMostMemory));
#endif
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return Error::from_errno(errno, "read a limit");
    files.rlim_max = std::min(files.rlim_max, kMostSockets);
    files.rlim_cur = files.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &files) != 0) return Error::from_errno(errno, "limit files");
    const rlimit none{};
    if (::setrlimit(RLIMIT_CORE, &none) != 0) return Error::from_errno(errno, "forbid dumps");
    return {};
}

Result<> confine(const std::vector<os::FdView>& kept) {
    ::signal(SIGPIPE, SIG_IGN);  // whoever is written to may have left
    TRY(leave_descriptors(kept));
    TRY(limit_resources());
    TRY(os::set_capabilities({}));
    if (::prctl(PR_SET_DUMPABLE, 0) != 0) return Error::from_errno(errno, "hide from tracers");
    TRY(os::die_with_parent());
    (void)TRY(os::confine_to({}));  // before 5.19 the filter is what keeps files away
    TRY(os::forbid_new_privileges());
    TRY(os::install_filter(filter()));
    return {};
}

}  // namespace sbx::network
