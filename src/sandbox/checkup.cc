#include "sandbox/checkup.h"

#include <algorithm>

#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"
#include "os/landlock.h"
#include "sandbox/places.h"

namespace sbx::sandbox {

using Verdict = Finding::Verdict;

static constexpr std::uint64_t kRangeSize = 65536;
static constexpr const char* kOpenFuse = "sudo modprobe fuse && sudo chmod 666 /dev/fuse";

std::string_view name_of(Finding::Verdict verdict) {
    switch (verdict) {
        case Verdict::good: return "good";
        case Verdict::less: return "less";
        case Verdict::missing: return "missing";
    }
    std::unreachable();
}

static Finding good(std::string subject, std::string found) {
    return {.subject = std::move(subject),
            .verdict = Verdict::good,
            .found = std::move(found),
            .mend = ""};
}

// The first two numbers of "6.1.0-18-amd64".
static std::pair<std::int64_t, std::int64_t> version_of(std::string_view release) {
    const auto parts = split(release, '.');
    const auto number = [&](std::size_t i) {
        if (i >= parts.size()) return std::int64_t{0};
        const std::size_t end = parts[i].find_first_not_of("0123456789");
        return parse_number(parts[i].substr(0, end), 0, 100000).value_or(0);
    };
    return {number(0), number(1)};
}

static Finding judge_kernel(const std::string& release) {
    if (version_of(release) >= std::pair<std::int64_t, std::int64_t>(5, 14))
        return good("kernel", "Linux " + release);
    return {.subject = "kernel",
            .verdict = Verdict::missing,
            .found = fmt::format("Linux {}, which is older than 5.14", release),
            .mend = "upgrade the distribution"};
}

static std::string mend_namespaces(const Machine& machine) {
    if (machine.max_user_namespaces == "0") return "sudo sysctl -w user.max_user_namespaces=28633";
    if (machine.unprivileged_userns_clone == "0")
        return "sudo sysctl -w kernel.unprivileged_userns_clone=1";
    if (machine.apparmor_restriction == "1")
        return "sbx info --apparmor-profile | sudo tee /etc/apparmor.d/sbx && "
               "sudo apparmor_parser -r /etc/apparmor.d/sbx";
    return "if this is a container: allow it unshare and mount "
           "(docker run --security-opt seccomp=unconfined)";
}

static Finding judge_namespaces(const Host& host, const Machine& machine) {
    if (host.no_namespaces.empty()) return good("user namespaces", "available");
    return {.subject = "user namespaces",
            .verdict = Verdict::missing,
            .found = host.no_namespaces,
            .mend = mend_namespaces(machine)};
}

static std::string range_text(const std::vector<os::SubordinateRange>& ranges) {
    std::uint64_t count = 0;
    for (const os::SubordinateRange& r : ranges)
        count += r.count;
    return fmt::format("{} from {}", count, ranges.front().start);
}

static Finding judge_id_range(const Host& host, const Machine& machine) {
    const std::string user = host.user.empty() ? fmt::format("{}", host.uid) : host.user;
    if (host.privileged) return good("id range", "all of this user namespace's");
    if (host.subuids.empty() || host.subgids.empty()) {
        const std::string free =
            fmt::format("{}-{}", machine.free_ids, machine.free_ids + kRangeSize - 1);
        return {.subject = "id range",
                .verdict = Verdict::less,
                .found = fmt::format("none for '{}' in /etc/subuid and /etc/subgid: containers "
                                     "have one user",
                                     user),
                .mend = fmt::format("sudo usermod --add-subuids {} --add-subgids {} {}", free, free,
                                    user)};
    }
    if (!host.no_id_range.empty())
        return {.subject = "id range",
                .verdict = Verdict::less,
                .found = "it cannot be used: " + host.no_id_range,
                .mend = machine.id_helpers
                            ? fmt::format("see that the lines of '{}' in /etc/subuid and "
                                          "/etc/subgid are right",
                                          user)
                            : "sudo apt-get install uidmap"};
    return good("id range", range_text(host.subuids));
}

static Finding judge_driver(const Host& host, const Machine& machine) {
    if (host.driver == Driver::overlay) return good("layers", "overlay");
    if (host.driver == Driver::fuse_overlayfs)
        return {.subject = "layers",
                .verdict = Verdict::less,
                .found = "fuse-overlayfs, which is slower: overlay is refused on this file system",
                .mend = "keep images on ext4, xfs or btrfs (--root)"};
    return {.subject = "layers",
            .verdict = Verdict::less,
            .found =
                "copied for every container: neither overlay nor fuse-overlayfs can be had on "
                "this file system",
            .mend = machine.fuse_device ? "sudo apt-get install fuse-overlayfs" : kOpenFuse};
}

static Finding judge_fuse(const Host& host, const Machine& machine) {
    if (!host.fuse_program.empty()) return good("fuse-overlayfs", host.fuse_program);
    const bool used = host.driver != Driver::overlay;
    return {.subject = "fuse-overlayfs",
            .verdict = used ? Verdict::less : Verdict::good,
            .found = machine.fuse_device
                         ? "not installed; only used where overlay is refused"
                         : "/dev/fuse cannot be opened; only used where overlay is refused",
            .mend = !used                 ? ""
                    : machine.fuse_device ? "sudo apt-get install fuse-overlayfs"
                                          : kOpenFuse};
}

static Finding judge_proc(const Host& host) {
    if (host.own_proc) return good("process namespaces", "available");
    return {.subject = "process namespaces",
            .verdict = Verdict::less,
            .found = "/proc is masked here, so containers see the processes around them",
            .mend = "if this is a container: docker run --security-opt systempaths=unconfined"};
}

// Judged as limits of the kinds that users set most would be.
static Finding judge_controllers(const CgroupHost& cgroups, CgroupManager manager) {
    const bool by_systemd = manager == CgroupManager::systemd;
    const auto& there = by_systemd ? cgroups.systemd_controllers : cgroups.own_controllers;
    const std::string found =
        fmt::format("version 2, {}: {}", by_systemd ? "from systemd" : "in a cgroup of your own",
                    there.empty() ? "nothing" : join(there, " "));
    const Result<> all = check_controllers({"cpu", "memory", "pids"}, there, cgroups);
    if (all) return good("cgroup", found);
    return {.subject = "cgroup",
            .verdict = Verdict::less,
            .found = fmt::format("{}; {}", found, all.error().text()),
            .mend = all.error().hint()};
}

// By the same choice as a container's.
static Finding judge_cgroup(const CgroupHost& cgroups, const Machine& machine) {
    if (!cgroups.version_2)
        return {.subject = "cgroup",
                .verdict = Verdict::less,
                .found = "version 1, or both versions mixed: limits cannot be enforced",
                .mend = "boot with systemd.unified_cgroup_hierarchy=1"};
    const CgroupManager manager = chosen_manager(CgroupManager::automatic, cgroups);
    if (manager != CgroupManager::disabled) return judge_controllers(cgroups, manager);
    return {
        .subject = "cgroup",
        .verdict = Verdict::less,
        .found = fmt::format("version 2, and none is delegated to you ('{}')", machine.cgroup),
        .mend = "log in through systemd, or: systemd-run --user --scope -p Delegate=yes $SHELL"};
}

static Finding judge_tun(const Machine& machine) {
    if (machine.tun_device) return good("/dev/net/tun", "can be opened");
    return {.subject = "/dev/net/tun",
            .verdict = Verdict::less,
            .found = "cannot be opened: containers have no way out into the world",
            .mend = "sudo modprobe tun && sudo chmod 666 /dev/net/tun"};
}

static Finding judge_landlock(const Machine& machine) {
    if (machine.landlock >= 2) return good("Landlock", fmt::format("version {}", machine.landlock));
    return {.subject = "Landlock",
            .verdict = Verdict::less,
            .found = "not available: layers are unpacked without this one of several fences",
            .mend = "boot a kernel from 5.19 on with lsm=landlock,..."};
}

// loginctl(1), enable-linger.
static Finding judge_lingering(const Host& host, const Machine& machine) {
    if (!machine.systemd) return good("lingering", "no systemd ends what you started");
    if (host.privileged || machine.lingers)
        return good("lingering", "containers stay when you log out, and units start at boot");
    return {.subject = "lingering",
            .verdict = Verdict::less,
            .found = "containers end when you log out for the last time",
            .mend = "loginctl enable-linger"};
}

std::vector<Finding> judge(const Host& host, const Machine& machine) {
    return {judge_kernel(machine.release),
            judge_namespaces(host, machine),
            judge_id_range(host, machine),
            judge_driver(host, machine),
            judge_fuse(host, machine),
            judge_proc(host),
            judge_cgroup(host.cgroups, machine),
            judge_tun(machine),
            judge_landlock(machine),
            judge_lingering(host, machine)};
}

std::uint64_t first_free_id(std::string_view subuid, std::string_view subgid) {
    std::uint64_t free = 100000;
    for (const std::string_view text : {subuid, subgid})
        for (const std::string_view line : split(text, '\n')) {
            const auto fields = split(line, ':');
            if (fields.size() != 3) continue;
            const Result<std::int64_t> start = parse_number(fields[1], 0, UINT32_MAX);
            const Result<std::int64_t> count = parse_number(fields[2], 0, UINT32_MAX);
            if (start && count) free = std::max(free, static_cast<std::uint64_t>(*start + *count));
        }
    return free;
}

static std::string setting(const std::string& path) {
    const Result<std::string> text = os::read_proc(path);
    return text ? std::string(trim(*text)) : "";
}

static bool can_be_opened(const char* device) { return ::access(device, R_OK | W_OK) == 0; }

static bool can_be_run(const std::string& program) {
    for (const char* folder : {"/usr/bin/", "/bin/", "/usr/local/bin/", "/usr/sbin/"})
        if (::access((folder + program).c_str(), X_OK) == 0) return true;
    return false;
}

static bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

static Machine look_at_machine(const std::string& user) {
    utsname kernel{};
    ::uname(&kernel);
    return {
        .release = kernel.release,
        .max_user_namespaces = setting("/proc/sys/user/max_user_namespaces"),
        .unprivileged_userns_clone = setting("/proc/sys/kernel/unprivileged_userns_clone"),
        .apparmor_restriction = setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
        .free_ids = first_free_id(setting("/etc/subuid"), setting("/etc/subgid")),
        .id_helpers = can_be_run("newuidmap") && can_be_run("newgidmap"),
        .fuse_device = can_be_opened("/dev/fuse"),
        .tun_device = can_be_opened("/dev/net/tun"),
        .cgroup = cgroup_in(setting("/proc/self/cgroup")),
        .landlock = os::landlock_version(),
        .systemd = exists("/run/systemd/system"),
        .lingers = !user.empty() && exists("/var/lib/systemd/linger/" + user)};
}

std::vector<Finding> check_up(const Host& host) { return judge(host, look_at_machine(host.user)); }

}  // namespace sbx::sandbox
