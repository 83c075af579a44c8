// Namespaces of other processes: namespaces(7), setns(2).
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <sys/types.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

struct NamespaceKind {
    std::uint64_t flag = 0;  // CLONE_NEW*
    const char* name = "";   // as in the OCI runtime specification: "network"
    const char* file = "";   // in /proc/PID/ns: "net"
};
std::span<const NamespaceKind> namespace_kinds();

// CLONE_NEW* of those that process `pid` is in and this one is not.
Result<std::uint64_t> namespaces_apart_from(pid_t pid);

// Enters those of the process of `pidfd`. With the user namespace among them this process has all
// capabilities there, if it was that namespace's owner or had them outside; what only its own
// rights outside allow is entered before. As always, only children are in the pid namespace.
Result<> join_namespaces(FdView pidfd, std::uint64_t kinds);

// Of the file at `path` on the host, "/proc/1/ns/net": Kind::usage where it is of another kind.
Result<Fd> open_namespace(const std::string& path, const NamespaceKind& kind);

Result<> join_namespace(FdView ns, std::uint64_t kind);

// Which are there as long as these are open.
Result<Fd> own_network_namespace();
Result<Fd> own_user_namespace();
Result<Fd> own_mount_namespace();

}  // namespace sbx::os
