#include "os/namespaces.h"

#include <array>

#include <linux/nsfs.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "os/file.h"

namespace sbx::os {

static constexpr std::array<NamespaceKind, 8> kKinds = {{{CLONE_NEWUSER, "user", "user"},
                                                         {CLONE_NEWNS, "mount", "mnt"},
                                                         {CLONE_NEWPID, "pid", "pid"},
                                                         {CLONE_NEWNET, "network", "net"},
                                                         {CLONE_NEWIPC, "ipc", "ipc"},
                                                         {CLONE_NEWUTS, "uts", "uts"},
                                                         {CLONE_NEWCGROUP, "cgroup", "cgroup"},
                                                         {CLONE_NEWTIME, "time", "time"}}};

std::span<const NamespaceKind> namespace_kinds() { return kKinds; }

// Kernels may be built without one kind or the other: then it has no file, and is shared by all.
static Result<std::uint64_t> number_of(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0) return status.st_ino;
    if (errno == ENOENT) return 0;
    return Error::from_errno(errno, "look at namespace '{}'", path);
}

Result<std::uint64_t> namespaces_apart_from(pid_t pid) {
    std::uint64_t apart = 0;
    for (const NamespaceKind& kind : kKinds) {
        const std::uint64_t own = TRY(number_of(fmt::format("/proc/self/ns/{}", kind.file)));
        const std::uint64_t other = TRY(number_of(fmt::format("/proc/{}/ns/{}", pid, kind.file)));
        if (own != other) apart |= kind.flag;
    }
    return apart;
}

static bool enter(FdView fd, std::uint64_t kinds) {
    return ::setns(fd.get(), static_cast<int>(kinds)) == 0;
}

Result<> join_namespaces(FdView pidfd, std::uint64_t kinds) {
    if (kinds == 0 || enter(pidfd, kinds)) return {};
    if (errno != EPERM || (kinds & CLONE_NEWUSER) == 0)
        return Error::from_errno(errno, "enter the namespaces of a process");
    // Some belong to a user namespace above: it takes the rights that are given up by the rest.
    for (const NamespaceKind& kind : kKinds)
        if (kind.flag != CLONE_NEWUSER && (kinds & kind.flag) != 0 && enter(pidfd, kind.flag))
            kinds &= ~kind.flag;
    if (enter(pidfd, kinds)) return {};
    return Error::from_errno(errno, "enter the namespaces of a process");
}

Result<Fd> open_namespace(const std::string& path, const NamespaceKind& kind) {
    Fd ns(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!ns) return Error::from_errno(errno, "open the {} namespace '{}'", kind.name, path);
    const int type = ::ioctl(ns.get(), NS_GET_NSTYPE);
    if (type >= 0 && static_cast<std::uint64_t>(type) == kind.flag) return ns;
    return Error(Error::Kind::usage, "'{}' is not a {} namespace", path, kind.name);
}

Result<> join_namespace(FdView ns, std::uint64_t kind) {
    if (enter(ns, kind)) return {};
    return Error::from_errno(errno, "enter a namespace");
}

static Result<Fd> own_namespace(const char* path) {
    Fd file(::open(path, O_RDONLY | O_CLOEXEC));
    if (!file) return Error::from_errno(errno, "open '{}'", path);
    return file;
}

Result<Fd> own_network_namespace() { return own_namespace("/proc/self/ns/net"); }

Result<Fd> own_user_namespace() { return own_namespace("/proc/self/ns/user"); }

Result<Fd> own_mount_namespace() { return own_namespace("/proc/self/ns/mnt"); }

}  // namespace sbx::os
