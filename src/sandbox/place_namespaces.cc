#include <algorithm>

#include <sched.h>

#include "base/text.h"
#include "sandbox/places.h"

namespace sbx::sandbox {

bool is_own(const Plan& plan, std::uint64_t kind) {
    return (plan.namespaces & kind) != 0 ||
           std::ranges::any_of(plan.joined,
                               [&](const JoinedNamespace& ns) { return ns.kind.flag == kind; });
}

static Result<os::NamespaceKind> kind_of(std::string_view type) {
    for (const os::NamespaceKind& kind : os::namespace_kinds())
        if (type == kind.name) return kind;
    return Error(Error::Kind::usage, "'{}' is not a kind of namespace", excerpt(type));
}

static Result<> place(const oci::Namespace& ns, Plan& plan) {
    const os::NamespaceKind kind = TRY(kind_of(ns.type));
    if (is_own(plan, kind.flag))
        return Error(Error::Kind::usage, "two namespaces of the kind '{}'", ns.type);
    if (ns.path.empty()) {
        plan.namespaces |= kind.flag;
        return {};
    }
    if (kind.flag == CLONE_NEWNS)
        return Error(Error::Kind::unsupported, "joining the mount namespace at '{}'", ns.path)
            .hint("a container has a root of its own, and so its own mounts");
    plan.joined.push_back({.kind = kind, .path = ns.path});
    return {};
}

// Without it an unprivileged user could have none of the others, and sbx run never goes without.
static void place_user_namespace(const Request& request, const Host& host, Plan& plan) {
    if (is_own(plan, CLONE_NEWUSER)) return;
    const bool may_do_without =
        host.privileged && std::holds_alternative<AsSpecified>(request.user_namespace);
    if (!may_do_without) plan.namespaces |= CLONE_NEWUSER;
}

static Result<> place_clocks(const oci::Spec& spec, Plan& plan) {
    if (!spec.time_offsets.empty() && (plan.namespaces & CLONE_NEWTIME) == 0)
        return Error(Error::Kind::usage, "clocks are set for a time namespace that is not made");
    for (const auto& [clock, offset] : spec.time_offsets) {
        if (clock != "monotonic" && clock != "boottime")
            return Error(Error::Kind::usage, "'{}' is not a clock of a time namespace",
                         excerpt(clock));
        plan.clocks.push_back(
            {.clock = clock, .seconds = offset.seconds, .nanoseconds = offset.nanoseconds});
    }
    return {};
}

static Result<> go_without_proc(const Request& request, Plan& plan) {
    if (std::holds_alternative<AsSpecified>(request.user_namespace))
        return Error(Error::Kind::unsupported,
                     "no pid namespace can be had: /proc is masked here, so a new one cannot be "
                     "mounted");
    plan.namespaces &= ~std::uint64_t{CLONE_NEWPID};
    plan.warnings.push_back(
        "the container sees the processes around it: /proc is masked here, so a new one cannot be "
        "mounted");
    return {};
}

Result<> place_namespaces(const Request& request, const Host& host, Plan& plan) {
    for (const oci::Namespace& ns : request.spec.namespaces)
        TRY(place(ns, plan));
    place_user_namespace(request, host, plan);
    if ((plan.namespaces & CLONE_NEWUSER) != 0) TRY(check_namespaces(host));
    if (std::holds_alternative<AsSpecified>(request.user_namespace) &&
        (plan.namespaces & CLONE_NEWNS) == 0)
        return Error(Error::Kind::unsupported, "a container without a mount namespace");
    plan.namespaces |= CLONE_NEWNS;
    TRY(place_clocks(request.spec, plan));
    const bool exact = std::holds_alternative<AsSpecified>(request.user_namespace);
    const bool new_proc = ((plan.namespaces & CLONE_NEWUSER) != 0 || !exact) && !host.own_proc;
    if (new_proc && (plan.namespaces & CLONE_NEWPID) != 0) TRY(go_without_proc(request, plan));
    return {};
}

}  // namespace sbx::sandbox
