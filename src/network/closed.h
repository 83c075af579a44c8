// Destinations that no container's packet is sent on to.
#pragma once

#include <optional>

#include "network/address.h"

namespace sbx::network {

// Whoever it belongs to by what all agree on: this host (RFC 6890: loopback, "this network"), the
// link it is on, groups, what stands for one of these in IPv6, and the well-known addresses where
// clouds tell a machine its secrets.
bool is_closed(const Address& address);

// The IPv4 that others translate an address of IPv6 to, where it says so itself: RFC 6052, RFC
// 3056.
std::optional<Address> translated(const Address& address);

// One that is read by many, or by whoever is there: nothing is answered that goes to it.
bool is_group(const Address& address);

}  // namespace sbx::network
