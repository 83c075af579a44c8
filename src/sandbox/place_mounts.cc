#include <algorithm>
#include <array>

#include <sched.h>

#include "base/text.h"
#include "sandbox/mount_options.h"
#include "sandbox/places.h"

namespace sbx::sandbox {

static constexpr std::uint64_t kNothingSpecial =
    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

// What LXCFS and its like put over files of /proc. Anything else there would stand in the way of
// what sbx itself writes to and masks in /proc (CVE-2019-16884, CVE-2023-27561).
static bool may_cover_in_proc(const os::InnerPath& path) {
    constexpr std::array<std::string_view, 10> kFiles = {"/proc/cpuinfo",
                                                         "/proc/diskstats",
                                                         "/proc/meminfo",
                                                         "/proc/stat",
                                                         "/proc/swaps",
                                                         "/proc/uptime",
                                                         "/proc/loadavg",
                                                         "/proc/slabinfo",
                                                         "/proc/sys/kernel/ns_last_pid",
                                                         "/proc/sys/crypto/fips_enabled"};
    return std::ranges::find(kFiles, path.text()) != kFiles.end();
}

static Result<> check_target(const os::InnerPath& to) {
    const os::InnerPath proc = os::InnerPath::clean("/proc");
    if (to.is_root()) return Error(Error::Kind::usage, "nothing can be mounted on '/'");
    if (proc.contains(to) && !may_cover_in_proc(to))
        return Error(Error::Kind::usage, "nothing can be mounted on '{}': /proc is the container's",
                     to.text());
    return {};
}

static std::string folder_of_type(std::string_view type) {
    if (type == "sysfs") return "/sys";
    return type == "proc" ? "/proc" : "/sys/fs/cgroup";
}

// The host's own, which cannot be written to through it.
static Bind host_tree(std::string_view type, const os::InnerPath& to) {
    return {.from = folder_of_type(type),
            .to = to,
            .attributes = {.set = MOUNT_ATTR_RDONLY | kNothingSpecial, .propagation = MS_PRIVATE}};
}

static void place_special(const oci::Mount& mount, const Host& host, const os::InnerPath& to,
                          const MountOptions& options, Plan& plan) {
    const auto own = [&](std::uint64_t flag) { return (plan.namespaces & flag) != 0; };
    const bool shown = (mount.type == "proc" && own(CLONE_NEWPID)) ||
                       (mount.type == "sysfs" && own(CLONE_NEWNET) && host.own_sysfs) ||
                       (mount.type == "mqueue" && own(CLONE_NEWIPC)) || mount.type == "devpts" ||
                       mount.type == "cgroup";
    if (mount.type == "cgroup" && (!host.pure_cgroup2 || !own(CLONE_NEWCGROUP))) return;
    if (shown)
        plan.mounts.push_back(Special{.type = mount.type == "cgroup" ? "cgroup2" : mount.type,
                                      .to = to,
                                      .options = options.data,
                                      .attributes = options.attributes.set});
    else if (mount.type == "mqueue")
        plan.mounts.push_back(Bind{.from = "/dev/mqueue", .to = to, .optional = true});
    else
        plan.mounts.push_back(host_tree(mount.type, to));
}

static Result<> place_bind(const oci::Mount& mount, const os::InnerPath& to,
                           const MountOptions& options, Plan& plan) {
    TRY(check_target(to));
    if (!options.data.empty())
        return Error(Error::Kind::usage, "'{}' is not an option of a bind mount",
                     excerpt(options.data.front().name));
    Bind bind{.from = mount.source,
              .to = to,
              .attributes = options.attributes,
              .depth = options.depth,
              .copy_up = options.copy_up,
              .optional = options.optional};
    if (bind.attributes.propagation == 0) bind.attributes.propagation = MS_PRIVATE;
    if (!options.subpath.empty())
        bind.below = TRY(os::InnerPath::parse("/" + options.subpath), "subpath");
    plan.mounts.push_back(std::move(bind));
    return {};
}

static Result<> place_one(const oci::Mount& mount, const Host& host, Plan& plan) {
    const os::InnerPath to = TRY(os::InnerPath::parse(mount.destination));
    const MountOptions options = TRY(parse_mount_options(mount.options));
    if (options.bind || mount.type == "bind") return place_bind(mount, to, options, plan);
    constexpr std::array<std::string_view, 5> kSpecial = {"proc", "sysfs", "mqueue", "devpts",
                                                          "cgroup"};
    if (std::ranges::find(kSpecial, mount.type) != kSpecial.end()) {
        place_special(mount, host, to, options, plan);
        return {};
    }
    TRY(check_target(to));
    if (mount.type == "tmpfs" && to.text() == "/dev")
        plan.mounts.push_back(Dev{.to = to});
    else if (mount.type == "tmpfs")
        plan.mounts.push_back(Tmpfs{.to = to,
                                    .options = options.data,
                                    .attributes = options.attributes.set,
                                    .copy_up = options.copy_up});
    else if (mount.type == "layers")
        plan.mounts.push_back(Layers{.directory = mount.source, .names = mount.options, .to = to});
    else
        return Error(Error::Kind::unsupported, "file system type '{}'", excerpt(mount.type));
    return {};
}

// Group 5 is tty in every distribution; where it is not mapped, a pty belongs to its user's group.
static void drop_unmapped_tty_group(Plan& plan) {
    const auto mapped = [&](std::uint32_t gid) {
        return std::ranges::any_of(plan.ids.gids, [&](const os::IdRange& r) {
            return gid >= r.inside && gid - r.inside < r.count;
        });
    };
    for (Mount& mount : plan.mounts)
        if (auto* special = std::get_if<Special>(&mount); special && special->type == "devpts")
            std::erase_if(special->options, [&](const os::MountOption& option) {
                return option.name == "gid" && !mapped(5);
            });
}

Result<> place_mounts(const Request& request, const Host& host, Plan& plan) {
    for (const oci::Mount& mount : request.spec.mounts)
        TRY(place_one(mount, host, plan), "mount on '{}'", excerpt(mount.destination));
    drop_unmapped_tty_group(plan);
    for (const oci::Device& device : request.spec.devices) {
        const os::InnerPath to = TRY(os::InnerPath::parse(device.path), "device");
        TRY(check_target(to), "device");
        plan.devices.push_back({.from = device.source, .to = to});
    }
    return {};
}

}  // namespace sbx::sandbox
