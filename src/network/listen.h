// Sockets of the host for published ports.
#pragma once

#include <vector>

#include "network/port.h"
#include "os/fd.h"

namespace sbx::network {

struct Listener {
    PortMapping port;  // its host_port is the one that was had
    os::Fd socket = {};
};

// Has all of them, in the order of `ports`, or none. Connections wait there until somebody accepts
// them. Kind::busy where a port is taken, and by whom; Kind::denied where it is not for users.
Result<std::vector<Listener>> listen_on_host(const std::vector<PortMapping>& ports);

}  // namespace sbx::network
