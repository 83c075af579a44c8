// Who has a port of the host, as far as /proc tells it: proc_net(5), proc_pid_fd(5).
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

#include "network/port.h"

namespace sbx::network {

struct PortHolder {
    pid_t pid = 0;
    std::string name = {};  // whatever it calls itself
};

// The process that receives what comes to `host`, or all that would; nothing where it is another
// user's, or cannot be looked at.
std::optional<PortHolder> holder_of(const Endpoint& host, Protocol protocol);

}  // namespace sbx::network
