#include "sandbox/join.h"

#include <sched.h>
#include <sys/stat.h>

#include "os/file.h"

namespace sbx::sandbox {

// The one user namespace that nobody can enter is their own.
static Result<bool> is_own_user_namespace(const os::NamespaceKind& kind, os::FdView ns) {
    if (kind.flag != CLONE_NEWUSER) return false;
    const os::Fd own = TRY(os::open_namespace("/proc/self/ns/user", kind));
    const struct stat mine = TRY(os::status_of(own));
    const struct stat other = TRY(os::status_of(ns));
    return mine.st_dev == other.st_dev && mine.st_ino == other.st_ino;
}

Result<Joined> Joined::open(const Plan& plan) {
    std::vector<Namespace> namespaces;
    for (const JoinedNamespace& ns : plan.joined) {
        os::Fd fd = TRY(os::open_namespace(ns.path, ns.kind));
        if (TRY(is_own_user_namespace(ns.kind, fd))) continue;
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
