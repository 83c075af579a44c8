// How a network looks to a container: who else is there, and what that is.
#pragma once

#include <optional>

#include "network/subnet.h"

namespace sbx::network {

struct Layout {
    // Of one family. Gateway and name server are the stack's own addresses, and not the same one.
    struct Side {
        Subnet subnet = {};
        Address gateway = {};
        Address names = {};

        friend bool operator==(const Side&, const Side&) = default;
    };
    Side v4 = {};
    std::optional<Side> v6 = {};
    unsigned mtu = 65520;              // bytes
    bool allow_host_loopback = false;  // the gateway is the host's 127.0.0.1 and ::1

    // The one whose subnet has the address.
    const Side* side_with(const Address& address) const {
        if (v4.subnet.has(address)) return &v4;
        return v6 && v6->subnet.has(address) ? &*v6 : nullptr;
    }

    friend bool operator==(const Layout&, const Layout&) = default;
};

}  // namespace sbx::network
