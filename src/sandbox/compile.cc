#include "sandbox/compile.h"

#include <algorithm>
#include <iterator>

#include <sched.h>

#include "base/text.h"
#include "sandbox/places.h"

namespace sbx::sandbox {

// Ping by ICMP sockets, for every group there is: nobody has CAP_NET_RAW. Docker sets it, too.
static void let_everybody_ping(const Request& request, Plan& plan) {
    constexpr const char* kName = "net.ipv4.ping_group_range";
    if ((plan.namespaces & CLONE_NEWNET) == 0 || request.spec.sysctl.contains(kName)) return;
    if (std::holds_alternative<AsSpecified>(request.user_namespace)) return;
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
        if (!is_own(plan, family->flag))
            return Error(Error::Kind::usage,
                         "sysctl '{}' would change the host: the {} namespace "
                         "is shared with it",
                         excerpt(name), family->name);
        if (value.find_first_of(std::string_view("\n\0", 2)) != value.npos)
            return Error(Error::Kind::usage, "sysctl '{}': the value holds a line break",
                         excerpt(name));
        std::string file = name;
        std::ranges::replace(file, '.', '/');
        plan.sysctls.push_back({.name = name,
                                .file = std::move(file),
                                .value = value,
                                .namespace_kind = family->flag});
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
    const bool names = !request.spec.hostname.empty() || !request.spec.domainname.empty();
    if (names && !is_own(plan, CLONE_NEWUTS))
        return Error(Error::Kind::usage,
                     "the hostname would be the host's: the uts namespace is shared with it");
    plan.hostname = request.spec.hostname;
    plan.domainname = request.spec.domainname;
    return {};
}

// Whoever needs no user namespace may mount what the probe, which made one, was refused.
static Host host_of(const Plan& plan, const Host& host) {
    Host real = host;
    if (is_own(plan, CLONE_NEWUSER)) return real;
    real.own_proc = true;
    real.own_sysfs = true;
    return real;
}

bool lacks_groups(const Program& program, const os::IdMap& ids) {
    return ids.writer == os::IdMap::Writer::self && !program.identity.groups.empty();
}

Result<Plan> compile(const Request& request, const Host& probed) {
    Plan plan;
    TRY(place_namespaces(request, probed, plan));
    const Host host = host_of(plan, probed);
    TRY(place_ids(request, host, plan));
    TRY(place_root(request, host, plan));
    TRY(place_mounts(request, host, plan));
    TRY(place_devices(request, host, plan));
    TRY(place_cgroup(request, host, plan));
    TRY(place_sysctls(request, plan));
    TRY(place_covers(request.spec, plan));
    TRY(place_names(request, plan));
    plan.program = TRY(compile_program(request));
    std::ranges::move(plan.program.warnings, std::back_inserter(plan.warnings));
    plan.program.warnings.clear();
    if (lacks_groups(plan.program, plan.ids)) plan.warnings.emplace_back(kLacksGroups);
    // Of what enters later alone: config.md, execCPUAffinity.
    plan.program.first_processors.clear();
    plan.program.processors.clear();
    plan.init = request.init;
    plan.hooks = request.spec.hooks;
    return plan;
}

}  // namespace sbx::sandbox
