// The headers around a message that is sent to a container.
#pragma once

#include <string>
#include <string_view>

#include "network/checksum.h"

namespace sbx::network {

// The header of Ethernet that takes an answer back to who sent `frame`: RFC 894.
std::string header_back(std::string_view frame);

// A packet of IP, of the addresses' version, with `message` in it, whose checksum is there.
std::string packet_with(const Between& between, std::string_view message);

}  // namespace sbx::network
