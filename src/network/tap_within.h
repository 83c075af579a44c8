// Devices of a container that runs.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "os/fd.h"
#include "os/net_device.h"

namespace sbx::network {

// As make_tap() does it, in the network namespace of the process of `pidfd`, by a process that
// enters its `namespaces` (CLONE_NEW*) and ends there.
Result<os::Fd> make_tap_within(os::FdView pidfd, std::uint64_t namespaces,
                               const os::NetDeviceSetup& setup);

// Likewise has a device that is there be the way out: os::set_default_routes().
Result<> lead_out_within(os::FdView pidfd, std::uint64_t namespaces,
                         const os::NetDeviceSetup& setup);

}  // namespace sbx::network
