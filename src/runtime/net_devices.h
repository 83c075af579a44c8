// Network devices of the host that become a container's: runtime-spec, config-linux.md, "Network
// Devices".
#pragma once

#include <map>
#include <string>

#include <sys/types.h>

#include "base/error.h"
#include "oci/linux.h"

namespace sbx::runtime {

using NetDevices = std::map<std::string, oci::NetDevice>;  // by the name here

// Moves them into the network namespace of `process`. Where that ends, the kernel gives back those
// that are hardware, and the others go with it.
Result<> move_net_devices(const NetDevices& devices, pid_t process);

}  // namespace sbx::runtime
