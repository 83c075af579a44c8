// Network devices: setting them up, and moving them to another network namespace. rtnetlink(7).
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

// Gives the device `name` of this network namespace to the one of `ns`, as `inside`, where "%d"
// stands for a number that is free; there it is up, and has those of its addresses that are
// permanent and of global scope. Kind::not_found where there is none of that name, Kind::exists
// where the other namespace has one called `inside` already: nothing is moved then.
Result<> move_net_device(const std::string& name, FdView ns, const std::string& inside);

// How a device of this network namespace is to be. Addresses are bytes in the order of the network:
// 4 are one of IPv4, 16 one of IPv6.
struct NetDeviceSetup {
    struct Place {
        std::string address;
        unsigned prefix = 0;  // bits that all in its network share
        std::string gateway;  // of a default route; empty: of none
    };
    std::string name;
    std::string hardware;  // its MAC address, 6 bytes
    unsigned mtu = 0;      // bytes
    std::vector<Place> places = {};
};

// Gives it those addresses and routes, and no others, and raises it. Where the kernel is without
// IPv6 the places of that are left out. Needs CAP_NET_ADMIN; Kind::not_found.
Result<> set_up_net_device(const NetDeviceSetup& setup);

// Has those of its gateways that it names be those of the default routes, in the place of others.
// Kind::not_found.
Result<> set_default_routes(const NetDeviceSetup& setup);

}  // namespace sbx::os
