// Where a container listens, seen from a process that is in its network namespace.
#pragma once

#include <vector>

#include "network/port.h"
#include "os/fd.h"

namespace sbx::network {

// What to try for a port of the container, in that order: the address that it has in its network,
// so that what is published does not look to come from the container itself, and its loopback,
// where many servers listen that are made for one machine. Addresses of `family` come before the
// others.
std::vector<Endpoint> ways_to(std::uint16_t port, int family);

}  // namespace sbx::network
