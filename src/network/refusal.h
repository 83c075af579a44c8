// The word that a packet is not let through: ICMP's and ICMPv6's "administratively prohibited".
#pragma once

#include <string>
#include <string_view>

namespace sbx::network {

// The frame to send back for `frame`, which parse_frame() takes for one of TCP, UDP or an echo:
// RFC 1812, section 5.2.7.1, and RFC 4443, section 3.1.
std::string refusal_of(std::string_view frame);

}  // namespace sbx::network
