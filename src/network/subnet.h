// Addresses that belong together, "10.89.0.0/24": RFC 4632, RFC 4291.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "network/address.h"

namespace sbx::network {

struct Subnet {
    Address network = {};  // the bits of its hosts are 0
    unsigned bits = 0;     // that all of them share

    // What an address has beyond these bits is left out. Kind::usage.
    static Result<Subnet> parse(std::string_view text);
    std::string text() const;

    bool has(const Address& address) const { return address.is_in(network, bits); }
    bool overlaps(const Subnet& other) const;

    // Hosts by number, as far as 32 bits tell them apart.
    Address at(std::uint32_t number) const;
    std::uint32_t number_of(const Address& address) const;  // of one that it has
    std::uint32_t last() const;  // the greatest number; of IPv4 that is its broadcast

    friend bool operator==(const Subnet&, const Subnet&) = default;
};

}  // namespace sbx::network
