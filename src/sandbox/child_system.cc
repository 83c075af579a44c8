#include "sandbox/child_system.h"

#include <optional>

#include <fcntl.h>
#include <linux/magic.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "os/file.h"
#include "os/mount.h"
#include "os/namespaces.h"
#include "os/rlimits.h"
#include "os/scheduling.h"

namespace sbx::sandbox {

Result<> set_names(const Plan& plan) {
    const std::string& host = plan.hostname;
    if (!host.empty() && ::sethostname(host.data(), host.size()) != 0)
        return Error::from_errno(errno, "set hostname '{}'", host);
    const std::string& domain = plan.domainname;
    if (!domain.empty() && ::setdomainname(domain.data(), domain.size()) != 0)
        return Error::from_errno(errno, "set domain name '{}'", domain);
    return {};
}

Result<> raise_loopback() {
    const os::Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket) return Error::from_errno(errno, "open a socket");
    ifreq request{};
    request.ifr_name[0] = 'l';
    request.ifr_name[1] = 'o';
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    if (::ioctl(socket.get(), SIOCSIFFLAGS, &request) == 0) return {};
    return Error::from_errno(errno, "bring up the loopback interface");
}

// The one at /proc after a look at what it is (CVE-2025-52881).
static Result<os::Fd> open_mounted_proc() {
    os::Fd proc(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
    struct statfs status{};
    if (!proc || ::fstatfs(proc.get(), &status) != 0)
        return Error::from_errno(errno, "open '/proc'");
    if (status.f_type == PROC_SUPER_MAGIC) return proc;
    return Error(Error::Kind::failed, "something else is mounted on '/proc'");
}

static Result<> write_below(const os::Fd& proc, const std::string& name, const std::string& text) {
    const os::Fd file(::openat(proc.get(), name.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file) return Error::from_errno(errno, "open '{}' of procfs", name);
    return os::write_all(file, text);
}

namespace {

// The kernel's settings, by descriptor: through the procfs that the container has at /proc, as long
// as that is what it seems to be and nothing is mounted on what is written to (CVE-2025-52881);
// else through one that only this process can reach, whose end the kernel takes its time for.
class Settings {
public:
    explicit Settings(const os::Root& root) : shown_(procfs_of(root)) {}

    Result<> write(const Sysctl& sysctl) {
        const std::string name = "sys/" + sysctl.file;
        if (shown_)
            if (const Result<os::Fd> file = shown_->open_on_this_mount(name, O_WRONLY))
                return os::write_all(*file, sysctl.value);
        if (!own_) own_ = TRY(open_own(), "opening a procfs");
        return write_below(own_, name, sysctl.value);
    }

private:
    static std::optional<os::Root> procfs_of(const os::Root& root) {
        constexpr ino_t kTop = 1;  // of every procfs
        Result<os::Fd> proc = root.open_without_links("proc", O_PATH | O_DIRECTORY);
        struct statfs system{};
        if (!proc || ::fstatfs(proc->get(), &system) != 0) return {};
        const Result<struct stat> top = os::status_of(*proc);
        if (system.f_type != PROC_SUPER_MAGIC || !top || top->st_ino != kTop) return {};
        return os::Root::of(*std::move(proc));
    }

    // Or the one at /proc where none may be made.
    static Result<os::Fd> open_own() {
        Result<os::Fd> own = os::new_mount("proc", {});
        return own ? std::move(own) : open_mounted_proc();
    }

    std::optional<os::Root> shown_;
    os::Fd own_;
};

}  // namespace

Result<> set_sysctls(const Plan& plan, const os::Root& root) {
    Settings settings(root);
    for (const Sysctl& sysctl : plan.sysctls)
        TRY(settings.write(sysctl), "setting sysctl '{}' to '{}'", sysctl.name, sysctl.value);
    return {};
}

Result<> set_oom_score(const Program& program, const std::string& process) {
    if (!program.oom_score_adj) return {};
    const os::Fd proc = TRY(open_mounted_proc(), "opening a procfs");
    TRY(write_below(proc, process + "/oom_score_adj", fmt::format("{}", *program.oom_score_adj)),
        "setting the OOM score to {}", *program.oom_score_adj);
    return {};
}

// A user namespace that is joined may be one with more rights than the process has outside.
std::uint64_t own_namespaces(const Plan& plan) {
    const bool maps = (plan.namespaces & CLONE_NEWUSER) != 0 && plan.joined.empty();
    return maps ? plan.namespaces & kOwnNamespaces : 0;
}

Result<> make_own_namespaces(std::uint64_t kinds) {
    if (::unshare(static_cast<int>(kinds)) == 0) return {};
    return Error::from_errno(errno, "make new namespaces")
        .hint("`sbx doctor` says what this machine lacks, and what mends it");
}

static Result<> make_namespace(std::uint64_t kind, const char* name) {
    if (::unshare(static_cast<int>(kind)) == 0) return {};
    return Error::from_errno(errno, "make a {} namespace", name);
}

// Made for children, set, and entered by its file. Linux 5.6.
static Result<> make_time_namespace(const std::vector<ClockOffset>& clocks) {
    TRY(make_namespace(CLONE_NEWTIME, "time"));
    const os::Fd proc = TRY(open_mounted_proc(), "opening a procfs");
    for (const ClockOffset& offset : clocks)
        TRY(write_below(
                proc, "self/timens_offsets",
                fmt::format("{} {} {}\n", offset.clock, offset.seconds, offset.nanoseconds)),
            "setting the clock {}", offset.clock);
    const os::Fd made(::openat(proc.get(), "self/ns/time_for_children", O_RDONLY | O_CLOEXEC));
    if (!made) return Error::from_errno(errno, "open a time namespace");
    return os::join_namespace(made, CLONE_NEWTIME);
}

Result<> make_late_namespaces(const Plan& plan) {
    if ((plan.namespaces & CLONE_NEWCGROUP) != 0) TRY(make_namespace(CLONE_NEWCGROUP, "cgroup"));
    if ((plan.namespaces & CLONE_NEWTIME) != 0) TRY(make_time_namespace(plan.clocks));
    return {};
}

Result<> hide_from_tracers() {
    if (::prctl(PR_SET_DUMPABLE, 0) == 0) return {};
    return Error::from_errno(errno, "hide from the container's processes");
}

void raise_hard_limits(const Program& program, pid_t process) {
    for (const ResourceLimit& limit : program.limits)
        (void)os::raise_hard_limit(process, limit.resource, limit.limit.rlim_max);
}

Result<> set_limits(const Program& program) {
    for (const ResourceLimit& limit : program.limits) {
        Result<> set = os::set_limit(limit.resource, limit.limit);
        if (!set)
            return std::move(set).error().hint(
                "without privilege a hard limit can be lowered, not raised");
    }
    return {};
}

// The processors last: they hold for whatever the scheduler says.
Result<> set_scheduling(const Program& program) {
    if (program.personality) TRY(os::set_personality(*program.personality), "personality");
    if (program.memory_policy) TRY(os::set_memory_policy(*program.memory_policy), "memoryPolicy");
    if (program.io_priority) TRY(os::set_io_priority(*program.io_priority), "ioPriority");
    if (program.scheduler) TRY(os::set_scheduler(*program.scheduler), "scheduler");
    if (!program.processors.empty()) TRY(os::set_affinity(program.processors), "execCPUAffinity");
    return {};
}

}  // namespace sbx::sandbox
