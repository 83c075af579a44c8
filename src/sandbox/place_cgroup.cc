#include <algorithm>

#include "base/text.h"
#include "sandbox/places.h"
#include "sandbox/systemd.h"

namespace sbx::sandbox {

// --- names ---------------------------------------------------------------------------------------

// Of one folder: neither a way out of its parent, nor longer than a name may be.
static Result<> check_name(std::string_view name) {
    constexpr std::size_t kLongest = 255;
    const bool plain = !name.empty() && name.size() <= kLongest && name != "." && name != ".." &&
                       printable(name) == name && !name.contains('/');
    if (plain) return {};
    return Error(Error::Kind::usage, "'{}' is no name of a cgroup", excerpt(name));
}

// "/a//b/" is "/a/b"; "" stays empty.
static Result<std::string> normal_path(std::string_view text) {
    std::string path;
    for (const std::string_view name : split(text, '/')) {
        if (name.empty()) continue;
        TRY(check_name(name), "path of a cgroup '{}'", excerpt(text));
        path += fmt::format("/{}", name);
    }
    return path;
}

// systemd.unit(5): what the name of a unit may hold.
static Result<> check_unit(std::string_view name, std::string_view suffix) {
    constexpr std::string_view kLetters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\@";
    if (name.size() > suffix.size() && name.size() < 256 && name.ends_with(suffix) &&
        name.find_first_not_of(kLetters) == name.npos)
        return {};
    return Error(Error::Kind::usage, "'{}' is no name of a unit of systemd's (*{})", excerpt(name),
                 suffix);
}

// --- choosing ------------------------------------------------------------------------------------

CgroupManager chosen_manager(CgroupManager asked, const CgroupHost& host) {
    if (asked != CgroupManager::automatic) return asked;
    if (!host.version_2) return CgroupManager::disabled;
    if (host.root && host.systemd) return CgroupManager::systemd;
    if (host.own) return CgroupManager::cgroupfs;
    return host.systemd ? CgroupManager::systemd : CgroupManager::disabled;
}

bool can_make_cgroups(CgroupManager manager, const CgroupHost& host) {
    const CgroupManager chosen = chosen_manager(manager, host);
    if (chosen == CgroupManager::systemd) return host.version_2 && host.systemd;
    return chosen == CgroupManager::cgroupfs && host.own;
}

static Error not_version_2() {
    return Error(Error::Kind::unsupported,
                 "limits need cgroup version 2, and this machine has version 1 or a mixture")
        .hint("boot with systemd.unified_cgroup_hierarchy=1, or run it without limits");
}

static Error no_cgroup(const Host& host) {
    if (!host.cgroups.version_2) return not_version_2();
    const std::string user = host.user.empty() ? "$USER" : host.user;
    return Error(Error::Kind::unsupported,
                 "limits need a cgroup, and none is delegated to you here")
        .hint(fmt::format("log in so that systemd runs for you (or `sudo loginctl enable-linger "
                          "{}`), with XDG_RUNTIME_DIR set",
                          user));
}

static std::string warning_of_none(const CgroupHost& host) {
    return fmt::format("the container has no cgroup of its own: {}",
                       host.version_2 ? "none is delegated to you here"
                                      : "this machine has version 1 or a mixture");
}

static Error no_controller(const std::string& controller, const CgroupHost& host) {
    if (!host.version_2) return not_version_2();
    Error error(Error::Kind::unsupported,
                "a limit needs the controller '{}', which is not delegated to you", controller);
    if (host.root) return error;
    return std::move(error).hint(
        "in /etc/systemd/system/user@.service.d/delegate.conf: [Service] Delegate=cpu cpuset io "
        "memory pids; then `sudo systemctl daemon-reload`, and log in again");
}

Result<> check_controllers(const std::vector<std::string>& needed,
                           const std::vector<std::string>& there, const CgroupHost& host) {
    for (const std::string& controller : needed)
        if (std::ranges::find(there, controller) == there.end())
            return no_controller(controller, host);
    return {};
}

Result<> check_limits(const std::vector<CgroupWrite>& limits, const std::vector<std::string>& there,
                      const CgroupHost& host) {
    for (const CgroupWrite& limit : limits)
        TRY(check_controllers(controllers_of({limit}), there, host), "the limit '{}'", limit.file);
    return {};
}

// By the name of the first limit, where one is what a cgroup is missed for.
static Error missed(const std::vector<CgroupWrite>& limits, Error why) {
    if (limits.empty()) return why;
    return std::move(why).context(fmt::format("the limit '{}'", limits.front().file));
}

// --- placing -------------------------------------------------------------------------------------

// "slice:prefix:name", as kubelet and podman write it for systemd.
static Result<> apply_unit_path(std::string_view text, Scope& scope) {
    const auto parts = split(text, ':');
    if (parts.size() != 3 || parts[2].empty())
        return Error(Error::Kind::usage, "'{}' is not slice:prefix:name, as systemd needs it",
                     excerpt(text));
    if (!parts[0].empty()) scope.slice = parts[0];
    scope.unit = parts[1].empty() ? fmt::format("{}.scope", parts[2])
                                  : fmt::format("{}-{}.scope", parts[1], parts[2]);
    return {};
}

static Result<Scope> place_scope(const Request& request, const CgroupHost& host) {
    Scope scope{.bus = host.systemd.value_or(os::BusPlace()),
                .unit = request.cgroup.name + ".scope",
                .slice = host.root ? "system.slice" : "user.slice"};
    const oci::Spec& spec = request.spec;
    if (!request.cgroup.parent.empty()) scope.slice = request.cgroup.parent;
    if (!spec.cgroups_path.empty()) TRY(apply_unit_path(spec.cgroups_path, scope));
    TRY(check_unit(scope.unit, ".scope"));
    TRY(check_unit(scope.slice, ".slice"));
    const auto below = spec.annotations.find("run.oci.systemd.subgroup");
    if (below != spec.annotations.end()) scope.below = below->second;
    if (!scope.below.empty()) TRY(check_name(scope.below), "run.oci.systemd.subgroup");
    if (scope.below == kCallersName)
        return Error(Error::Kind::usage, "run.oci.systemd.subgroup '{}' is taken", scope.below);
    scope.properties = TRY(properties_of(spec.annotations));
    return scope;
}

// A path of the specification begins at the top of the tree, for who may write there; for others at
// the cgroup that is theirs, unless it leads there already.
static Result<> place_path(const Request& request, const CgroupHost& host, CgroupPlan& plan) {
    plan.base = host.own.value_or("");
    const std::string asked = TRY(normal_path(request.spec.cgroups_path));
    const std::string parent = TRY(normal_path(request.cgroup.parent));
    if (asked.empty()) {
        TRY(check_name(request.cgroup.name));
        const std::string_view usual = host.root && parent.empty() ? "/sbx" : "";
        plan.path = fmt::format("{}{}{}/{}", plan.base, parent, usual, request.cgroup.name);
        return {};
    }
    const bool leads_there = asked.starts_with(plan.base + "/");
    plan.path = leads_there ? asked : plan.base + asked;
    return {};
}

Result<> place_cgroup(const Request& request, const Host& host, Plan& plan) {
    const CgroupWish& wish = request.cgroup;
    CgroupPlan placed;
    placed.writes = TRY(cgroup_writes(request.spec.resources));
    placed.controllers = controllers_of(placed.writes);
    if (placed.writes.empty() && !wish.wanted && request.spec.cgroups_path.empty() &&
        wish.parent.empty())
        return {};

    const CgroupManager manager = chosen_manager(wish.manager, host.cgroups);
    if (wish.manager == CgroupManager::disabled) {
        if (!wish.parent.empty())
            return Error(Error::Kind::usage, "--cgroup-parent {}: cgroups are disabled",
                         excerpt(wish.parent));
        if (placed.writes.empty()) return {};
        return missed(placed.writes,
                      Error(Error::Kind::usage, "limits need a cgroup, and cgroups are disabled"));
    }
    if (!can_make_cgroups(manager, host.cgroups)) {
        if (!placed.writes.empty() || !wish.parent.empty())
            return missed(placed.writes, no_cgroup(host));
        plan.warnings.push_back(warning_of_none(host.cgroups));
        return {};
    }
    placed.made = true;
    if (manager == CgroupManager::systemd)
        placed.scope = TRY(place_scope(request, host.cgroups));
    else
        TRY(place_path(request, host.cgroups, placed));
    TRY(check_limits(placed.writes,
                     placed.scope ? host.cgroups.systemd_controllers : host.cgroups.own_controllers,
                     host.cgroups));
    // A filter of devices is root's to load. Without one, a container of a user has the devices
    // that this user may open, and no others.
    if (host.cgroups.root && !request.spec.resources.devices.empty())
        placed.devices = TRY(device_rules(request.spec.resources.devices));
    plan.cgroup = std::move(placed);
    return {};
}

}  // namespace sbx::sandbox
