// Datagrams of a socket that is bound to many addresses: ip(7), IP_PKTINFO.
#pragma once

#include <optional>
#include <span>

#include "network/endpoint.h"
#include "os/fd.h"

namespace sbx::network {

struct Datagram {
    Endpoint peer = {};  // the other side
    Endpoint own = {};   // the address of this side, with port 0; of no family: any
    std::size_t size = 0;
};

// The next one that is waiting, into `bytes`; nothing where there is none. `socket` does not block,
// and has the option to be told of addresses (network/listen.h).
std::optional<Datagram> receive_datagram(os::FdView socket, std::span<char> bytes);

// From `own` to `peer`. What cannot be sent is lost, as datagrams are.
void send_datagram(os::FdView socket, const Datagram& datagram, std::span<const char> bytes);

}  // namespace sbx::network
