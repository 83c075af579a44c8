#include "sandbox/compile.h"

#include <algorithm>

#include <sched.h>

#include "base/text.h"
#include "sandbox/places.h"

namespace sbx::sandbox {

Result<> place_namespaces(const Request& request, const Host& host, Plan& plan) {
    struct Kind {
        std::string_view name;
        std::uint64_t flag;
    };
    constexpr Kind kKinds[] = {{"mount", CLONE_NEWNS},    {"pid", CLONE_NEWPID},
                               {"network", CLONE_NEWNET}, {"ipc", CLONE_NEWIPC},
                               {"uts", CLONE_NEWUTS},     {"cgroup", CLONE_NEWCGROUP}};
    // Without a user namespace none of the others could be had.
    plan.namespaces = CLONE_NEWUSER | CLONE_NEWNS;
    for (const oci::Namespace& ns : request.spec.namespaces) {
        if (!ns.path.empty())
            return Error(Error::Kind::unsupported, "joining the {} namespace at '{}'", ns.type,
                         ns.path);
        for (const Kind& kind : kKinds)
            if (ns.type == kind.name) plan.namespaces |= kind.flag;
    }
    if (!host.own_proc && (plan.namespaces & CLONE_NEWPID) != 0) {
        plan.namespaces &= ~std::uint64_t{CLONE_NEWPID};
        plan.warnings.push_back(
            "the container sees the processes around it: /proc is masked here, so a new one cannot "
            "be mounted");
    }
    return {};
}

// Ping by ICMP sockets, for every group there is: nobody has CAP_NET_RAW. Docker sets it, too.
static void let_everybody_ping(const Request& request, Plan& plan) {
    constexpr const char* kName = "net.ipv4.ping_group_range";
    if ((plan.namespaces & CLONE_NEWNET) == 0 || request.spec.sysctl.contains(kName)) return;
    // The kernel wants both ends to exist, and none above this (GID_T_MAX in net/ipv4).
    constexpr std::uint64_t kLast = INT32_MAX;
    const std::uint64_t first = plan.ids.gids.front().inside;
    std::uint64_t end = first;
    for (const os::IdRange& range : plan.ids.gids)
        if (range.inside == end) end += range.count;
    if (first > kLast) return;
    plan.sysctls.push_back({.name = kName,
                            .file = "net/ipv4/ping_group_range",
                            .value = fmt::format("{} {}", first, std::min(end - 1, kLast))});
}

Result<> place_sysctls(const Request& request, Plan& plan) {
    let_everybody_ping(request, plan);
    struct Family {
        std::string_view prefix;
        std::uint64_t flag;
        std::string_view name;
    };
    constexpr Family kFamilies[] = {
        {"net.", CLONE_NEWNET, "network"},   {"kernel.msg", CLONE_NEWIPC, "ipc"},
        {"kernel.sem", CLONE_NEWIPC, "ipc"}, {"kernel.shm", CLONE_NEWIPC, "ipc"},
        {"fs.mqueue.", CLONE_NEWIPC, "ipc"}, {"kernel.domainname", CLONE_NEWUTS, "uts"},
        {"user.max_", CLONE_NEWUSER, "user"}};
    for (const auto& [name, value] : request.spec.sysctl) {
        const auto family = std::ranges::find_if(
            kFamilies, [&](const Family& f) { return name.starts_with(f.prefix); });
        const bool plain =
            name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-/") == name.npos &&
            !name.contains("..");
        if (family == std::end(kFamilies) || !plain)
            return Error(Error::Kind::usage, "sysctl '{}' is not one of a namespace's own",
                         excerpt(name))
                .hint("net.*, kernel.{sem,shm*,msg*,domainname}, fs.mqueue.* and user.max_* are");
        if ((plan.namespaces & family->flag) == 0)
            return Error(Error::Kind::usage,
                         "sysctl '{}' would change the host: the {} namespace "
                         "is shared with it",
                         excerpt(name), family->name);
        if (value.find_first_of(std::string_view("\n\0", 2)) != value.npos)
            return Error(Error::Kind::usage, "sysctl '{}': the value holds a line break",
                         excerpt(name));
        std::string file = name;
        std::ranges::replace(file, '.', '/');
        plan.sysctls.push_back({.name = name, .file = std::move(file), .value = value});
    }
    return {};
}

static Result<> place_covers(const oci::Spec& spec, Plan& plan) {
    for (const std::string& path : spec.masked_paths)
        plan.masked.push_back(TRY(os::InnerPath::parse(path), "masked path"));
    for (const std::string& path : spec.read_only_paths)
        plan.read_only.push_back(TRY(os::InnerPath::parse(path), "read-only path"));
    return {};
}

static Result<> place_names(const Request& request, Plan& plan) {
    if (request.spec.hostname.size() > 64)
        return Error(Error::Kind::usage, "the hostname is longer than 64 characters");
    plan.hostname = request.spec.hostname;
    plan.domainname = request.spec.domainname;
    return {};
}

Result<Plan> compile(const Request& request, const Host& host) {
    if (!host.no_namespaces.empty())
        return Error(Error::Kind::unsupported, "no container can be made here: {}",
                     host.no_namespaces)
            .hint("`sbx doctor` says what this machine lacks, and what mends it");
    Plan plan;
    TRY(place_namespaces(request, host, plan));
    TRY(place_ids(request, host, plan));
    TRY(place_root(request, host, plan));
    TRY(place_mounts(request, host, plan));
    TRY(place_cgroup(request, host, plan));
    TRY(place_sysctls(request, plan));
    TRY(place_covers(request.spec, plan));
    TRY(place_names(request, plan));
    plan.program = TRY(compile_program(request));
    plan.init = request.init;
    return plan;
}

}  // namespace sbx::sandbox
