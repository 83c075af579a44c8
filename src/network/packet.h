// What is in a frame that a container sends, as far as it has to be known to let it pass.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "network/address.h"

namespace sbx::network {

struct Packet {
    enum class Kind : std::uint8_t {
        arp,
        tcp,
        udp,
        echo,       // a request of ICMP or ICMPv6
        neighbour,  // of its own link: solicitations and advertisements, RFC 4861
    };
    Kind kind = Kind::arp;
    Address source = {};
    Address destination = {};
    std::uint16_t port = 0;  // of the destination, of TCP and UDP
};

// A frame of Ethernet. Nothing for whatever else there is, and for what is not as it should be: cut
// short, in fragments, with options of IPv4 or headers between that of IPv6 and the last one.
std::optional<Packet> parse_frame(std::string_view frame);

// Of a packet of IP, whatever is in it: between whom it is. Nothing where the frame has no such
// packet whole, and where one of IPv6 has headers between its own and the last one.
struct Ends {
    Address source;
    Address destination;
};
std::optional<Ends> parse_ends(std::string_view frame);

// A frame that parse_frame() has an answer to, without what is behind its packet: who reads it may
// take that for a part.
std::string_view without_padding(std::string_view frame);

constexpr std::size_t kFrameHeader = 14;  // bytes
constexpr std::uint16_t kDomainPort = 53;

}  // namespace sbx::network
