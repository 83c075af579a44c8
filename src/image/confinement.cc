#include "image/confinement.h"

#include <array>
#include <cstdlib>
#include <span>

#include <linux/audit.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "base/sha256.h"
#include "os/bpf.h"
#include "os/caps.h"
#include "os/inherited.h"
#include "os/landlock.h"

namespace sbx::image {

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "name the audit architecture of this machine"
#endif

// A build with sanitizers has a shadow that is larger than any bound, and looks at memory through
// pipes.
#if defined(SBX_SANITIZED)
constexpr bool kBoundedMemory = false;
constexpr std::array<int, 1> kInstruments = {SYS_pipe2};
#else
constexpr bool kBoundedMemory = true;
constexpr std::array<int, 0> kInstruments = {};
#endif

// A zstd window of 128 MiB has to fit.
constexpr rlim_t kMemory = rlim_t{320} << 20;

constexpr os::CapabilitySet bit(int number) { return os::CapabilitySet{1} << number; }
constexpr os::CapabilitySet kCapabilities =
    bit(CAP_CHOWN) | bit(CAP_DAC_OVERRIDE) | bit(CAP_FOWNER) | bit(CAP_FSETID) | bit(CAP_SETFCAP);

// Memory, the end, and what is open already.
constexpr auto kStreams = std::to_array<int>({
    SYS_brk,          SYS_clock_gettime,  SYS_close,
    SYS_exit,         SYS_exit_group,     SYS_fstat,
    SYS_futex,        SYS_getpid,         SYS_getrandom,
    SYS_gettid,       SYS_lseek,          SYS_madvise,
    SYS_mmap,         SYS_mprotect,       SYS_mremap,
    SYS_munmap,       SYS_pread64,        SYS_read,
    SYS_readv,        SYS_recvmsg,        SYS_restart_syscall,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn,
    SYS_sched_yield,  SYS_sendmsg,        SYS_sigaltstack,
    SYS_tgkill,       SYS_write,          SYS_writev,
});

constexpr auto kFiles = std::to_array<int>({
    SYS_fchmod,     SYS_fchmodat,  SYS_fchown,
    SYS_fchownat,   SYS_fcntl,     SYS_fsetxattr,
    SYS_fstatfs,    SYS_ftruncate, SYS_getdents64,
    SYS_linkat,     SYS_mkdirat,   SYS_mknodat,
    SYS_newfstatat, SYS_openat,    SYS_openat2,
    SYS_pwrite64,   SYS_renameat,  SYS_pidfd_send_signal,
    SYS_statx,      SYS_symlinkat, SYS_umask,
    SYS_unlinkat,   SYS_utimensat, SYS_wait4,
});

// What it takes to start such processes, and to confine them further.
constexpr auto kProcesses = std::to_array<int>({
    SYS_clone3,
    SYS_close_range,
    SYS_fremovexattr,
    SYS_ppoll,
    SYS_prctl,
    SYS_seccomp,
    SYS_socketpair,
#if defined(SYS_poll)
    SYS_poll,
#endif
});

}  // namespace

static void add(os::CallTable& table, std::span<const int> calls) {
    for (const int call : calls)
        table.rules.push_back(
            {.number = static_cast<std::uint32_t>(call), .otherwise = os::Verdict::allow()});
}

static os::CallTable streams() {
    constexpr std::uint32_t kBeyondAll = 1024;
    const os::Verdict no = os::Verdict::error(EPERM);
    os::CallTable table{.architecture = kArchitecture,
                        .foreign = no,
                        .end = kBeyondAll,
                        .beyond = no,
                        .unlisted = no};
    add(table, kStreams);
    add(table, kInstruments);
    return table;
}

static Result<> put_in_force(const os::CallTable& table) {
    TRY(os::forbid_new_privileges());  // without privileges a filter needs it
    TRY(os::install_filter(os::assemble(table)));
    return {};
}

static Result<> leave_descriptors(os::FdView line, os::FdView staging) {
    TRY(os::give_null({0, 1, 2}));
    return os::close_all_but(
        {os::FdView::number(0), os::FdView::number(1), os::FdView::number(2), line, staging});
}

static Result<> limit(int resource, const char* name, rlim_t most) {
    const rlimit both{.rlim_cur = most, .rlim_max = most};
    if (::setrlimit(static_cast<__rlimit_resource>(resource), &both) == 0) return {};
    return Error::from_errno(errno, "limit {} to {}", name, most);
}

Result<> confine(os::FdView line, os::FdView staging) {
    TRY(leave_descriptors(line, staging));
    ::clearenv();
    TRY(limit(RLIMIT_CORE, "RLIMIT_CORE", 0));
    if (kBoundedMemory) TRY(limit(RLIMIT_AS, "RLIMIT_AS", kMemory));

    // OpenSSL looks for its configuration at its first hash, and could not later on.
    (void)sha256_hex("");

    TRY(os::set_capabilities({.permitted = kCapabilities, .effective = kCapabilities}));
    // Before 5.19 the kernel has no Landlock that allows hard links; the user namespace remains.
    (void)TRY(os::confine_to({staging}));
    os::CallTable table = streams();
    add(table, kFiles);
    add(table, kProcesses);
    return put_in_force(table);
}

Result<> allow_files_alone() {
    os::CallTable table = streams();
    add(table, kFiles);
    return put_in_force(table);
}

Result<> allow_streams_alone() { return put_in_force(streams()); }

}  // namespace sbx::image
