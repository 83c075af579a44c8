// What the process that reads a container's packets is left with.
//
// Packets meet a stack written in C, in a process that shares the host's network. Whoever takes it
// over finds sockets of IPv4 and IPv6 there, as the person's programs have them, the kernel's
// answers about routes, and nothing else: no file, no program, no other process.
#pragma once

#include <vector>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::network {

// For this process, for good: of what is open only `kept` stays (and /dev/null as 0, 1 and 2); it
// has no capability, no way to open a file, no memory dump, is no other process's to look at, and
// ends with its parent.
Result<> confine(const std::vector<os::FdView>& kept);

}  // namespace sbx::network
