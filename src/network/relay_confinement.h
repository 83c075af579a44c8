// What the process is left with that relays between the host and a container.
#pragma once

#include <vector>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::network {

// At its very beginning: nothing but `kept` stays open (and /dev/null as 0, 1 and 2), no memory
// dump, a session of its own, as many descriptors as it may have. Nobody may look at it.
Result<> leave_all_but(const std::vector<os::FdView>& kept);

// Once it is where it belongs: it ends with its parent, has no capabilities, opens no file where
// the kernel has Landlock for that, and can do no more than to carry bytes between sockets of the
// Internet.
Result<> confine_relay();

}  // namespace sbx::network
