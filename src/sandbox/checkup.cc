#include "sandbox/checkup.h"

#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"
#include "os/landlock.h"

namespace sbx::sandbox {

using Verdict = Finding::Verdict;

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

Finding judge_kernel(const std::string& release) {
    if (version_of(release) >= std::pair<std::int64_t, std::int64_t>(5, 14))
        return good("kernel", "Linux " + release);
    return {.subject = "kernel",
            .verdict = Verdict::missing,
            .found = fmt::format("Linux {}, which is older than 5.14", release),
            .mend = "upgrade the distribution"};
}

static std::string setting(const char* path) {
    const Result<std::string> text = os::read_proc(path);
    return text ? std::string(trim(*text)) : "";
}

static Finding check_namespaces(const Host& host) {
    if (host.no_namespaces.empty()) return good("user namespaces", "available");
    Finding finding{.subject = "user namespaces",
                    .verdict = Verdict::missing,
                    .found = host.no_namespaces,
                    .mend = ""};
    if (setting("/proc/sys/user/max_user_namespaces") == "0")
        finding.mend = "sudo sysctl -w user.max_user_namespaces=28633";
    else if (setting("/proc/sys/kernel/unprivileged_userns_clone") == "0")
        finding.mend = "sudo sysctl -w kernel.unprivileged_userns_clone=1";
    else if (setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1")
        finding.mend =
            "sbx info --apparmor-profile | sudo tee /etc/apparmor.d/sbx && "
            "sudo apparmor_parser -r /etc/apparmor.d/sbx";
    else
        finding.mend =
            "if this is a container: allow it unshare and mount "
            "(docker run --security-opt seccomp=unconfined)";
    return finding;
}

static std::string range_text(const std::vector<os::SubordinateRange>& ranges) {
    std::uint64_t count = 0;
    for (const os::SubordinateRange& r : ranges)
        count += r.count;
    return fmt::format("{} from {}", count, ranges.front().start);
}

Finding judge_id_range(const Host& host) {
    const std::string user = host.user.empty() ? fmt::format("{}", host.uid) : host.user;
    if (host.privileged) return good("id range", "all of this user namespace's");
    if (host.subuids.empty() || host.subgids.empty())
        return {
            .subject = "id range",
            .verdict = Verdict::less,
            .found = fmt::format("none for '{}' in /etc/subuid and /etc/subgid: containers have "
                                 "one user",
                                 user),
            .mend = fmt::format("sudo usermod --add-subuids 100000-165535 --add-subgids "
                                "100000-165535 {}",
                                user)};
    if (!host.no_id_range.empty())
        return {.subject = "id range",
                .verdict = Verdict::less,
                .found = "it cannot be used: " + host.no_id_range,
                .mend = "sudo apt-get install uidmap"};
    return good("id range", range_text(host.subuids));
}

static Finding check_driver(const Host& host) {
    if (host.driver == Driver::overlay) return good("layers", "overlay");
    const bool fuse = host.driver == Driver::fuse_overlayfs;
    return {.subject = "layers",
            .verdict = Verdict::less,
            .found = fuse
                         ? "fuse-overlayfs, which is slower: overlay is refused on this file system"
                         : "copied for every container: neither overlay nor fuse-overlayfs can be "
                           "had on this file system",
            .mend = fuse ? "keep images on ext4, xfs or btrfs (--root)"
                         : "sudo apt-get install fuse-overlayfs"};
}

static Finding check_fuse(const Host& host) {
    if (!host.fuse_program.empty()) return good("fuse-overlayfs", host.fuse_program);
    const bool device = ::access("/dev/fuse", R_OK | W_OK) == 0;
    return {.subject = "fuse-overlayfs",
            .verdict = host.driver == Driver::overlay ? Verdict::good : Verdict::less,
            .found = device ? "not installed; only used where overlay is refused"
                            : "/dev/fuse cannot be opened; only used where overlay is refused",
            .mend = ""};
}

static Finding check_proc(const Host& host) {
    if (host.own_proc) return good("process namespaces", "available");
    return {.subject = "process namespaces",
            .verdict = Verdict::less,
            .found = "/proc is masked here, so containers see the processes around them",
            .mend = "if this is a container: docker run --security-opt systempaths=unconfined"};
}

Finding judge_cgroup(const Host& host, const std::string& own_cgroup,
                     const std::string& controllers) {
    if (!host.pure_cgroup2)
        return {.subject = "cgroup",
                .verdict = Verdict::less,
                .found = "version 1, or both versions mixed: limits cannot be enforced",
                .mend = "boot with systemd.unified_cgroup_hierarchy=1"};
    if (controllers.empty())
        return {.subject = "cgroup",
                .verdict = Verdict::less,
                .found = fmt::format("version 2, and none is delegated to you ('{}')", own_cgroup),
                .mend =
                    "log in through systemd, or: systemd-run --user --scope -p Delegate=yes "
                    "$SHELL"};
    return good("cgroup", fmt::format("version 2, delegated: {}", controllers));
}

// The cgroup of this process, where it may make others below it, and what can be limited there.
static Finding check_cgroup(const Host& host) {
    const std::string own = setting("/proc/self/cgroup");
    const std::size_t at = own.find("0::");
    const std::string path = at == own.npos ? "" : own.substr(at + 3, own.find('\n', at) - at - 3);
    const std::string folder = "/sys/fs/cgroup" + path;
    const bool writable = ::access((folder + "/cgroup.procs").c_str(), W_OK) == 0 &&
                          ::access(folder.c_str(), W_OK) == 0;
    return judge_cgroup(host, path,
                        writable ? setting((folder + "/cgroup.controllers").c_str()) : "");
}

static Finding check_tun() {
    if (::access("/dev/net/tun", R_OK | W_OK) == 0) return good("/dev/net/tun", "can be opened");
    return {.subject = "/dev/net/tun",
            .verdict = Verdict::less,
            .found = "cannot be opened: containers will have no network but the host's",
            .mend = "sudo modprobe tun && sudo chmod 666 /dev/net/tun"};
}

static Finding check_landlock() {
    const int version = os::landlock_version();
    if (version >= 2) return good("Landlock", fmt::format("version {}", version));
    return {.subject = "Landlock",
            .verdict = Verdict::less,
            .found = "not available: layers are unpacked without this one of several fences",
            .mend = "boot a kernel from 5.19 on with lsm=landlock,..."};
}

std::vector<Finding> check_up(const Host& host) {
    utsname kernel{};
    ::uname(&kernel);
    return {judge_kernel(kernel.release),
            check_namespaces(host),
            judge_id_range(host),
            check_driver(host),
            check_fuse(host),
            check_proc(host),
            check_cgroup(host),
            check_tun(),
            check_landlock()};
}

}  // namespace sbx::sandbox
