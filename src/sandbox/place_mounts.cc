#include <algorithm>
#include <array>

#include <sched.h>
#include <sys/stat.h>

#include "base/text.h"
#include "sandbox/mount_options.h"
#include "sandbox/mount_sources.h"
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

Result<> check_target(const os::InnerPath& to) {
    const os::InnerPath proc = os::InnerPath::clean("/proc");
    if (to.is_root()) return Error(Error::Kind::usage, "nothing can be mounted on '/'");
    if (proc.contains(to) && !may_cover_in_proc(to))
        return Error(Error::Kind::usage, "nothing can be mounted on '{}': /proc is the container's",
                     to.text());
    return {};
}

namespace {

// A mount of a spec, and what its place in a Plan depends on.
struct Wish {
    const Request& request;
    const Host& host;
    const oci::Mount& mount;
    const MountOptions& options;
    const os::InnerPath& to;
};

}  // namespace

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

// Those of version 1 that the host has, too. A document has them covered by what it mounts there,
// and some of them can be the person's to write to (CVE-2023-25809).
static Bind host_cgroups(const os::InnerPath& to) {
    Bind bind = host_tree("cgroup", to);
    bind.optional = true;
    return bind;
}

// As runc has it: the kernel's own trees are nobody's to label, and the message queues of an IPC
// namespace are mounted before the first who mounts them, which is too late for a context.
static void place_label(const std::string& label, Special& special) {
    const bool has_own = std::ranges::find(special.options, "context", &os::MountOption::name) !=
                         special.options.end();
    if (label.empty() || has_own) return;
    if (special.type == "mqueue")
        special.label = label;
    else if (special.type != "proc" && special.type != "sysfs" && special.type != "cgroup2")
        special.options.push_back({.name = "context", .value = label});
}

static Special new_file_system(const Wish& wish, std::string_view type) {
    const os::Attributes wanted = together(wish.options.attributes, wish.options.recursive);
    Special special{.type = std::string(type),
                    .source = wish.request.exact ? wish.mount.source : "",
                    .to = wish.to,
                    .options = wish.options.data,
                    .attributes = wanted.set,
                    .propagation = wanted.propagation};
    special.options.insert(special.options.end(), wish.options.superblock.begin(),
                           wish.options.superblock.end());
    place_label(wish.request.spec.mount_label, special);
    return special;
}

// Whether the kernel lets such a file system be mounted here, with what belongs to the container.
// Without a user namespace it is root's to mount anything, as runc does.
static bool has_its_own(std::string_view type, const Wish& wish, const Plan& plan) {
    // One that is joined belongs to the user namespace that is joined with it, or to root. What
    // the caller's own proc shows would be other processes than those of the container.
    const auto own = [&](std::uint64_t flag) {
        const bool joined = std::ranges::any_of(
            plan.joined, [&](const JoinedNamespace& one) { return one.kind.flag == flag; });
        const bool usable = flag == CLONE_NEWPID || (plan.namespaces & CLONE_NEWUSER) == 0;
        return (plan.namespaces & flag) != 0 || (joined && usable);
    };
    if (type == "devpts" || (wish.request.exact && !own(CLONE_NEWUSER))) return true;
    return (type == "proc" && own(CLONE_NEWPID)) ||
           (type == "sysfs" && own(CLONE_NEWNET) && wish.host.own_sysfs) ||
           (type == "mqueue" && own(CLONE_NEWIPC)) || (type == "cgroup" && own(CLONE_NEWCGROUP));
}

static void place_special(const Wish& wish, Plan& plan) {
    const std::string_view given = wish.mount.type;
    const std::string_view type = given == "cgroup2" ? "cgroup" : given;
    const bool own = has_its_own(type, wish, plan);
    const bool none = type == "cgroup" && !wish.host.pure_cgroup2;
    if (type == "cgroup" && !wish.request.exact && (none || !own)) return;
    if (none)
        plan.mounts.push_back(host_cgroups(wish.to));
    else if (own)
        plan.mounts.push_back(new_file_system(wish, type == "cgroup" ? "cgroup2" : type));
    else if (type == "mqueue")
        plan.mounts.push_back(Bind{.from = "/dev/mqueue", .to = wish.to, .optional = true});
    else
        plan.mounts.push_back(host_tree(type, wish.to));
}

// Without mappings of its own a mount has those of the container's user namespace.
static Result<> place_mapped_ids(const Wish& wish, const Plan& plan, Bind& bind) {
    const bool given = !wish.mount.uid_mappings.empty();
    if (!given && !wish.options.mapped) return {};
    if (!wish.host.privileged)
        return Error(Error::Kind::unsupported, "only root may map the ids of a mount");
    if (!given && (plan.namespaces & CLONE_NEWUSER) == 0)
        return Error(Error::Kind::usage, "the mount's ids are to be mapped, and nothing says how");
    TRY(check_mappings(wish.mount.uid_mappings, "uidMappings"));
    TRY(check_mappings(wish.mount.gid_mappings, "gidMappings"));
    bind.mapped = given ? os::IdMap{.uids = ranges_of(wish.mount.uid_mappings),
                                    .gids = ranges_of(wish.mount.gid_mappings)}
                        : plan.ids;
    bind.mapped.writer = os::IdMap::Writer::privileged;
    bind.mapped_depth = wish.options.mapped.value_or(os::Depth::this_one);
    return {};
}

// Of sbx's own mounts "ro" is meant for all below it, as docker has it; what a document of the
// runtime specification says is meant for the one mount.
static Result<> place_attributes(const Wish& wish, Bind& bind) {
    const MountOptions& options = wish.options;
    if (wish.request.exact) {
        bind.own = options.attributes;
        bind.attributes = options.recursive;
    } else {
        bind.attributes = together(options.attributes, options.recursive);
        if (bind.attributes.propagation == MS_SHARED)
            return Error(Error::Kind::unsupported,
                         "propagation 'shared' would carry the container's mounts to the host");
    }
    if (bind.own.propagation == 0 && bind.attributes.propagation == 0)
        bind.attributes.propagation = MS_PRIVATE;
    return {};
}

// What others than root may share is the container's: the kernel lets no mount of a namespace with
// fewer rights reach the one that it came from (mount_namespaces(7)).
static bool is_shared(const Bind& bind) {
    return bind.own.propagation == MS_SHARED || bind.attributes.propagation == MS_SHARED;
}

static Result<> place_links(const MountOptions& options, Bind& bind) {
    bind.over_link = options.target_nofollow;
    if (options.source_nofollow) bind.source_link = SourceLink::itself;
    if (!options.copy_symlink) return {};
    bind.source_link = SourceLink::copied;
    if (!opens_before(bind)) return {};
    return Error(Error::Kind::unsupported, "copy-symlink of what is shared or has mapped ids");
}

static Result<> place_bind(const Wish& wish, Plan& plan) {
    const MountOptions& options = wish.options;
    const bool whole_proc =
        wish.request.exact && wish.to.text() == "/proc";  // checked when it is made
    if (!whole_proc) TRY(check_target(wish.to));
    if (!options.data.empty() && !wish.request.exact)  // mount(2) has no ear for them
        return Error(Error::Kind::usage, "'{}' is not an option of a bind mount",
                     excerpt(options.data.front().name));
    for (const os::MountOption& none : options.data)
        plan.warnings.push_back(fmt::format("the mount on '{}': binds have no option '{}'",
                                            wish.to.text(), excerpt(none.name)));
    Bind bind{.from = wish.mount.source,
              .to = wish.to,
              .depth = options.depth,
              .copy_up = options.copy_up,
              .optional = options.optional,
              .is_volume = options.is_volume && !wish.request.exact};
    TRY(place_attributes(wish, bind));
    TRY(place_mapped_ids(wish, plan, bind));
    bind.shared_with_host = is_shared(bind) && wish.host.privileged;
    TRY(place_links(options, bind));
    if (!options.subpath.empty())
        bind.below = TRY(os::InnerPath::parse("/" + options.subpath), "subpath");
    if (bind.own.propagation == MS_SLAVE || bind.attributes.propagation == MS_SLAVE)
        plan.hears_host_mounts = true;
    plan.mounts.push_back(std::move(bind));
    return {};
}

static void place_tmpfs(const Wish& wish, Plan& plan) {
    const Special tmpfs = new_file_system(wish, "tmpfs");
    if (wish.to.text() != "/dev")
        plan.mounts.push_back(Tmpfs{.to = tmpfs.to,
                                    .options = tmpfs.options,
                                    .attributes = tmpfs.attributes,
                                    .copy_up = wish.options.copy_up,
                                    .propagation = tmpfs.propagation});
    else if (wish.request.exact)
        plan.mounts.push_back(Dev{.to = tmpfs.to,
                                  .options = tmpfs.options,
                                  .attributes = tmpfs.attributes,
                                  .nodes = nodes_for(wish.host, plan),
                                  .propagation = tmpfs.propagation});
    else
        plan.mounts.push_back(Dev{.to = tmpfs.to,
                                  .options = {{"mode", "755"}, {"size", "65536k"}},
                                  .attributes = MOUNT_ATTR_NOSUID,
                                  .nodes = nodes_for(wish.host, plan)});
}

static constexpr const char* kSecrets = "/run/secrets";

// An option of a secret's mount: uid=, gid=, in decimal, mode=, in octal.
static Result<std::uint32_t> secret_option(const Wish& wish, std::string_view name,
                                           std::uint32_t fallback) {
    for (const os::MountOption& option : wish.options.data) {
        if (option.name != name) continue;
        if (name != "mode")
            return static_cast<std::uint32_t>(TRY(parse_number(option.value, 0, UINT32_MAX - 1)));
        std::uint32_t mode = 0;
        for (const char digit : option.value)
            mode = mode * 8 + static_cast<std::uint32_t>(digit - '0');
        return mode & 0777;
    }
    return fallback;
}

static Result<> place_secret(const Wish& wish, Plan& plan) {
    SecretFile file{.name = wish.mount.source, .to = wish.to};
    file.uid = TRY(secret_option(wish, "uid", 0));
    file.gid = TRY(secret_option(wish, "gid", 0));
    file.mode = TRY(secret_option(wish, "mode", 0444));
    for (Mount& mount : plan.mounts)
        if (auto* secrets = std::get_if<Secrets>(&mount)) {
            secrets->files.push_back(std::move(file));
            return {};
        }
    plan.mounts.push_back(
        Secrets{.to = os::InnerPath::clean(kSecrets), .files = {std::move(file)}});
    return {};
}

// The kernel's alone: of fuse-overlayfs one serves a container's root, and no more.
static Result<> place_overlay(const Wish& wish, Plan& plan) {
    if (wish.host.driver != Driver::overlay)
        return Error(Error::Kind::unsupported,
                     "an overlay over '{}' takes the kernel's overlay, which cannot be had here",
                     excerpt(wish.mount.source))
            .hint("`sbx doctor` says what is in the way");
    Overlay overlay{.from = wish.mount.source, .to = wish.to, .upper = {}, .work = {}};
    if (!wish.options.subpath.empty())
        overlay.below = TRY(os::InnerPath::parse("/" + wish.options.subpath), "subpath");
    for (const os::MountOption& option : wish.options.data) {
        if (option.name == "upperdir") overlay.upper = option.value;
        if (option.name == "workdir") overlay.work = option.value;
        if (option.name == "lasting") overlay.lasting = true;
    }
    overlay.attributes = wish.options.attributes.set;
    plan.mounts.push_back(std::move(overlay));
    return {};
}

static Result<> check_is_no_bind(const Wish& wish) {
    const auto& [request, host, mount, options, to] = wish;
    if (options.mapped || !mount.uid_mappings.empty())
        return Error(Error::Kind::unsupported, "mapped ids of a new '{}'", excerpt(mount.type));
    if (options.source_nofollow || options.target_nofollow || options.copy_symlink)
        return Error(Error::Kind::unsupported, "what is said of links is for binds, not for '{}'",
                     excerpt(mount.type));
    return {};
}

static Result<> place_by_type(const Wish& wish, Plan& plan) {
    const std::string& type = wish.mount.type;
    TRY(check_target(wish.to));
    if (type == "tmpfs") {
        place_tmpfs(wish, plan);
    } else if (type == "secret" && !wish.request.exact) {
        return place_secret(wish, plan);
    } else if (type == "overlay" && !wish.request.exact) {
        return place_overlay(wish, plan);
    } else if (type == "layers" && !wish.request.exact) {
        plan.mounts.push_back(
            Layers{.directory = wish.mount.source, .names = wish.mount.options, .to = wish.to});
    } else if (wish.request.exact && !type.empty() && type != "none") {
        plan.mounts.push_back(new_file_system(wish, type));
    } else {
        return Error(Error::Kind::unsupported, "file system type '{}'", excerpt(type));
    }
    return {};
}

static Result<> place_one(const Request& request, const Host& host, const oci::Mount& mount,
                          Plan& plan) {
    // A document's destination may be relative, to "/".
    const os::InnerPath to = request.exact ? os::InnerPath::clean("/" + mount.destination)
                                           : TRY(os::InnerPath::parse(mount.destination));
    const MountOptions options = TRY(parse_mount_options(mount.options));
    const Wish wish{.request = request, .host = host, .mount = mount, .options = options, .to = to};
    if (options.bind || mount.type == "bind") return place_bind(wish, plan);
    TRY(check_is_no_bind(wish));
    constexpr std::array<std::string_view, 6> kSpecial = {"proc",   "sysfs",  "mqueue",
                                                          "devpts", "cgroup", "cgroup2"};
    if (std::ranges::find(kSpecial, mount.type) == kSpecial.end()) return place_by_type(wish, plan);
    if (to.is_root()) return check_target(to);
    place_special(wish, plan);
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
    place_default_devices(request, host, plan);
    for (const oci::Mount& mount : request.spec.mounts)
        TRY(place_one(request, host, mount, plan), "mount on '{}'", excerpt(mount.destination));
    drop_unmapped_tty_group(plan);
    return {};
}

}  // namespace sbx::sandbox
