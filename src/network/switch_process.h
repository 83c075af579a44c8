// Starting the process of a shared network.
#pragma once

#include "base/error.h"
#include "network/shared_network.h"
#include "os/fd.h"

namespace sbx::network {

// It is nobody's child, and ends when nobody is on the network: `line` is an end of the line of the
// first who is (switch.h), `listener` a socket of os::listen_at() for the others. The host's name
// servers are those of now. What this process has in its memory by now its child has, too: no
// secret may be among it. Where it cannot begin it says so on the line.
Result<> start_switch(const SharedNetwork& network, os::FdView listener, os::FdView line);

}  // namespace sbx::network
