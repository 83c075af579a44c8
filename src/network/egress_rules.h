// What a container may reach of the world, and what it may not, by name: --net-allow, --net-deny.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "network/address.h"
#include "network/port.h"

namespace sbx::network {

struct EgressRule {
    enum class Kind : std::uint8_t {
        name,         // this name
        names_below,  // all that end in a dot and this name
        addresses,    // of `network`
        anything,
    };
    struct Ports {
        std::uint16_t first = 1;
        std::uint16_t last = 65535;

        bool have(std::uint16_t port) const { return port >= first && port <= last; }
    };

    Kind kind = Kind::anything;
    std::string name = {};  // in lower case
    Address network = {};
    unsigned bits = 0;              // of `network`
    std::vector<Ports> ports = {};  // empty: each
    bool tcp = true;
    bool udp = true;
    std::string text = {};  // as it was given

    bool is_about_names() const { return kind == Kind::name || kind == Kind::names_below; }
    bool is_for(std::string_view other_name) const;  // in lower case
    bool is_for(const Address& address) const;       // where it is about addresses
    bool has(ContainerPort port) const;
    bool has_all() const { return ports.empty() && tcp && udp; }
};

// NAME, *.NAME, ADDRESS, NETWORK/BITS or *, then :PORT or :FIRST-LAST and /tcp or /udp. An address
// of IPv6 before a port stands in brackets. Without a port or a protocol every one is meant, but
// where a name is allowed: that is 80 and 443, and TCP. Kind::usage.
enum class EgressUse : std::uint8_t { allow, deny };
Result<EgressRule> parse_egress_rule(std::string_view text, EgressUse use);

struct EgressRules {
    std::vector<EgressRule> allowed = {};  // empty: whatever is not denied
    std::vector<EgressRule> denied = {};   // goes before what is allowed

    bool empty() const { return allowed.empty() && denied.empty(); }

    // Why a name may not be asked for, or not be spoken to at a port; nothing where it may. The
    // text of the rule that denies it, or kNotAllowed.
    static constexpr std::string_view kNotAllowed = "not allowed";
    std::string_view against(std::string_view name) const;
    std::string_view against(std::string_view name, ContainerPort port) const;

    // Why an address may not be reached whatever its name is; nothing where it may.
    std::string_view against(const Address& address, ContainerPort port) const;

    // Likewise of an address, whatever is spoken there.
    std::string_view against(const Address& address) const;

    // Whether that very port of the address is allowed by number.
    bool name_address(const Address& address, ContainerPort port) const;

    bool are_about_names() const;  // some of them
};

}  // namespace sbx::network
