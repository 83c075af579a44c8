#include "sandbox/join.h"

#include <sched.h>
#include <sys/stat.h>

#include "os/file.h"

namespace sbx::sandbox {

static Result<bool> is_callers(const os::NamespaceKind& kind, os::FdView ns) {
    const os::Fd own = TRY(os::open_namespace(fmt::format("/proc/self/ns/{}", kind.file), kind));
    const struct stat mine = TRY(os::status_of(own));
    const struct stat other = TRY(os::status_of(ns));
    return mine.st_dev == other.st_dev && mine.st_ino == other.st_ino;
}

static Result<> check_sysctls(const Plan& plan, const JoinedNamespace& ns) {
    for (const Sysctl& sysctl : plan.sysctls)
        if (sysctl.namespace_kind == ns.kind.flag)
            return Error(Error::Kind::usage,
                         "sysctl '{}' would change the host: the {} namespace '{}' is its own",
                         sysctl.name, ns.kind.name, ns.path);
    return {};
}

Result<Joined> Joined::open(const Plan& plan) {
    std::vector<Namespace> namespaces;
    for (const JoinedNamespace& ns : plan.joined) {
        os::Fd fd = TRY(os::open_namespace(ns.path, ns.kind));
        const bool callers = TRY(is_callers(ns.kind, fd));
        if (callers) TRY(check_sysctls(plan, ns));
        if (callers && ns.kind.flag == CLONE_NEWUSER) continue;  // nobody can enter their own again
        namespaces.push_back({.what = ns, .fd = std::move(fd)});
    }
    return Joined(std::move(namespaces));
}

std::vector<os::FdView> Joined::fds() const {
    std::vector<os::FdView> views;
    views.reserve(namespaces_.size());
    for (const Namespace& ns : namespaces_)
        views.emplace_back(ns.fd);
    return views;
}

// What belongs to a user namespace above can be entered only as long as this process is there, and
// what belongs to the one that is joined only once it is in that.
Result<> Joined::enter() const {
    std::vector<const Namespace*> later;
    for (const Namespace& ns : namespaces_)
        if (ns.what.kind.flag == CLONE_NEWUSER)
            later.insert(later.begin(), &ns);
        else if (!os::join_namespace(ns.fd, ns.what.kind.flag))
            later.push_back(&ns);
    for (const Namespace* ns : later)
        TRY(os::join_namespace(ns->fd, ns->what.kind.flag), "joining the {} namespace '{}'",
            ns->what.kind.name, ns->what.path);
    return {};
}

}  // namespace sbx::sandbox
