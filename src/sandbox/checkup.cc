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

namespace {

// A command that mends, and the one that makes it last beyond the next boot.
struct Mend {
    std::string now;
    std::string keep = {};
};

}  // namespace

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

static Finding bad(std::string subject, Verdict verdict, std::string found, Mend mend) {
    return {.subject = std::move(subject),
            .verdict = verdict,
            .found = std::move(found),
            .mend = std::move(mend.now),
            .keep = std::move(mend.keep)};
}

static Mend set_sysctl(std::string_view setting) {
    return {.now = fmt::format("sudo sysctl -w {}", setting),
            .keep = fmt::format("echo {} | sudo tee -a /etc/sysctl.d/99-sbx.conf", setting)};
}

// systemd loads these modules at boot, and udev opens their devices to all: modules-load.d(5).
static Mend load_module(std::string_view name, std::string_view device) {
    return {.now = fmt::format("sudo modprobe {} && sudo chmod 666 {}", name, device),
            .keep = fmt::format("echo {} | sudo tee /etc/modules-load.d/{}.conf", name, name)};
}

// By what Debian and Ubuntu begin with.
static std::string boot_with(std::string_view parameter) {
    return fmt::format(
        "sudo sed -i \"s/^GRUB_CMDLINE_LINUX=\\\"/&{} /\" /etc/default/grub && sudo update-grub && "
        "sudo reboot",
        parameter);
}

static Finding judge_kernel(const std::string& release) {
    if (version_of(release) >= std::pair<std::int64_t, std::int64_t>(5, 14))
        return good("kernel", "Linux " + release);
    return bad("kernel", Verdict::missing,
               fmt::format("Linux {}, which is older than 5.14", release),
               {.now = "upgrade the distribution"});
}

static Mend mend_namespaces(const Machine& machine) {
    if (machine.max_user_namespaces == "0") return set_sysctl("user.max_user_namespaces=28633");
    if (machine.unprivileged_userns_clone == "0")
        return set_sysctl("kernel.unprivileged_userns_clone=1");
    if (machine.apparmor_restriction == "1")
        return {.now =
                    "sbx info --apparmor-profile | sudo tee /etc/apparmor.d/sbx && "
                    "sudo apparmor_parser -r /etc/apparmor.d/sbx"};
    return {.now =
                "if this is a container: allow it unshare and mount "
                "(docker run --security-opt seccomp=unconfined)"};
}

static Finding judge_namespaces(const Host& host, const Machine& machine) {
    if (host.no_namespaces.empty()) return good("user namespaces", "available");
    return bad("user namespaces", Verdict::missing, host.no_namespaces, mend_namespaces(machine));
}

static std::uint64_t count_of(const std::vector<os::SubordinateRange>& ranges) {
    std::uint64_t count = 0;
    for (const os::SubordinateRange& r : ranges)
        count += r.count;
    return count;
}

// usermod(8) knows people by name alone.
static Mend grant_ids(const Host& host, const Machine& machine) {
    if (host.user.empty())
        return {.now = fmt::format("echo {}:{}:{} | sudo tee -a /etc/subuid /etc/subgid", host.uid,
                                   machine.free_ids, kRangeSize)};
    const std::string free =
        fmt::format("{}-{}", machine.free_ids, machine.free_ids + kRangeSize - 1);
    return {.now = fmt::format("sudo usermod --add-subuids {} --add-subgids {} {}", free, free,
                               host.user)};
}

// newuidmap(1) refuses whoever has no name.
static Mend mend_mapping(const Host& host, const Machine& machine) {
    if (!machine.id_helpers) return {.now = "sudo apt-get install uidmap"};
    if (host.user.empty())
        return {.now = fmt::format("sudo useradd --no-create-home --uid {} user{}", host.uid,
                                   host.uid)};
    return {.now = fmt::format(
                "see that the lines of '{}' in /etc/subuid and /etc/subgid are right", host.user)};
}

static Finding judge_id_range(const Host& host, const Machine& machine) {
    const std::string user = host.user.empty() ? fmt::format("{}", host.uid) : host.user;
    if (host.privileged) return good("id range", "all of this user namespace's");
    if (host.subuids.empty() || host.subgids.empty())
        return bad("id range", Verdict::less,
                   fmt::format("none for '{}' in /etc/subuid and /etc/subgid: containers have one "
                               "user",
                               user),
                   grant_ids(host, machine));
    if (!host.no_id_range.empty())
        return bad("id range", Verdict::less, "it cannot be used: " + host.no_id_range,
                   mend_mapping(host, machine));
    const std::uint64_t count = std::min(count_of(host.subuids), count_of(host.subgids));
    const std::string range = fmt::format("{} from {}", count, host.subuids.front().start);
    if (count >= kRangeSize) return good("id range", range);
    return bad("id range", Verdict::less,
               fmt::format("{}: images may have files of {} users", range, kRangeSize),
               grant_ids(host, machine));
}

static Mend install_fuse(const Machine& machine) {
    if (machine.fuse_device) return {.now = "sudo apt-get install fuse-overlayfs"};
    return load_module("fuse", "/dev/fuse");
}

static Finding judge_driver(const Host& host, const Machine& machine) {
    if (host.driver == Driver::overlay) return good("layers", "overlay");
    if (host.driver == Driver::fuse_overlayfs)
        return bad("layers", Verdict::less,
                   "fuse-overlayfs, which is slower: overlay is refused on this file system",
                   {.now = "keep images on ext4, xfs or btrfs: export SBX_ROOT=FOLDER",
                    .keep = "root = \"FOLDER\" in ~/.config/sbx/sbx.toml"});
    return bad("layers", Verdict::less,
               "copied for every container: neither overlay nor fuse-overlayfs can be had on this "
               "file system",
               install_fuse(machine));
}

static Finding judge_fuse(const Host& host, const Machine& machine) {
    if (!host.fuse_program.empty()) return good("fuse-overlayfs", host.fuse_program);
    const std::string found =
        machine.fuse_device ? "not installed; only used where overlay is refused"
                            : "/dev/fuse cannot be opened; only used where overlay is refused";
    if (host.driver == Driver::overlay) return good("fuse-overlayfs", found);
    return bad("fuse-overlayfs", Verdict::less, found, install_fuse(machine));
}

static Finding judge_proc(const Host& host) {
    if (host.own_proc) return good("process namespaces", "available");
    return bad("process namespaces", Verdict::less,
               "/proc is masked here, so containers see the processes around them",
               {.now = "if this is a container: docker run --security-opt systempaths=unconfined"});
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
    return bad("cgroup", Verdict::less, fmt::format("{}; {}", found, all.error().text()),
               {.now = all.error().hint()});
}

// By the same choice as a container's.
static Finding judge_cgroup(const CgroupHost& cgroups, const Machine& machine) {
    if (!cgroups.version_2)
        return bad("cgroup", Verdict::less,
                   "version 1, or both versions mixed: limits cannot be enforced",
                   {.now = boot_with("systemd.unified_cgroup_hierarchy=1")});
    const CgroupManager manager = chosen_manager(CgroupManager::automatic, cgroups);
    if (manager != CgroupManager::disabled) return judge_controllers(cgroups, manager);
    return bad(
        "cgroup", Verdict::less,
        fmt::format("version 2, and none is delegated to you ('{}')", machine.cgroup),
        {.now = "log in through systemd, or: systemd-run --user --scope -p Delegate=yes $SHELL",
         .keep = "sudo apt-get install dbus-user-session"});
}

static Finding judge_tun(const Machine& machine) {
    if (machine.tun_device) return good("/dev/net/tun", "can be opened");
    return bad("/dev/net/tun", Verdict::less,
               "cannot be opened: containers have no way out into the world",
               load_module("tun", "/dev/net/tun"));
}

// Linux 5.13 to 5.18 have a version that forbids hard links.
static Finding judge_landlock(const Machine& machine) {
    if (machine.landlock >= 2) return good("Landlock", fmt::format("version {}", machine.landlock));
    return bad(
        "Landlock", Verdict::less,
        "not available: layers are unpacked without this one of several fences",
        {.now = machine.landlock == 1 ? "boot a kernel from 5.19 on"
                                      : boot_with("lsm=landlock,$(cat /sys/kernel/security/lsm)")});
}

// loginctl(1), enable-linger.
static Finding judge_lingering(const Host& host, const Machine& machine) {
    if (!machine.systemd) return good("lingering", "no systemd ends what you started");
    if (host.privileged || machine.lingers)
        return good("lingering", "containers stay when you log out, and units start at boot");
    return bad("lingering", Verdict::less, "containers end when you log out for the last time",
               {.now = "loginctl enable-linger"});
}

std::vector<Finding> judge(const Host& host, const Machine& machine) {
    std::vector<Finding> findings = {judge_kernel(machine.release), judge_namespaces(host, machine),
                                     judge_id_range(host, machine)};
    if (host.no_namespaces.empty())
        findings.insert(findings.end(),
                        {judge_driver(host, machine), judge_fuse(host, machine), judge_proc(host)});
    findings.insert(findings.end(), {judge_cgroup(host.cgroups, machine), judge_tun(machine),
                                     judge_landlock(machine), judge_lingering(host, machine)});
    return findings;
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
        .systemd = os::exists_at(os::FdView::cwd(), "/run/systemd/system"),
        .lingers =
            !user.empty() && os::exists_at(os::FdView::cwd(), "/var/lib/systemd/linger/" + user)};
}

std::vector<Finding> check_up(const Host& host) { return judge(host, look_at_machine(host.user)); }

}  // namespace sbx::sandbox
