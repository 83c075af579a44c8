// The process of a shared network: starting it, and what it is.
//
// Who starts it is the monitor of a container, and has the values of that in its memory: it is
// executed, and knows nothing but what it is told.
//
//      who starts it                         switch
//        | ---------------- execve ----------> |  with one end of the line, as its input
//        | ---- the network (listener) ------> |
//        |                                     |  serves, from here on as of switch.h
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "network/shared_network.h"
#include "os/fd.h"

namespace sbx::network {

// How sbx is called where it is that process.
constexpr const char* kSwitchName = "sbx-network";

// It is nobody's child, and ends when nobody is on the network. The line of the first who is
// (switch.h); `listener` is a socket of os::listen_at() for the others. Where it cannot begin it
// says so on the line.
Result<os::Fd> start_switch(const SharedNetwork& network, os::FdView listener);

// The life of that process, whose arguments are the network's name alone. The host's name servers
// are those of now. Returns the exit status.
int switch_main(const std::vector<std::string>& argv);

}  // namespace sbx::network
