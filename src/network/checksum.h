// The checksum of the Internet's protocols: RFC 1071.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sbx::network {

// Of bytes in pairs, where an odd one at the end is followed by 0.
std::uint16_t checksum(std::string_view bytes);

// Of a message of `protocol` between two addresses of one family: RFC 9293, RFC 8200, section 8.1.
// The message's own field is 0.
struct Between {
    std::string_view source;  // bytes in the order of the network
    std::string_view destination;
    std::uint8_t protocol = 0;
};
std::uint16_t checksum(const Between& between, std::string_view message);

// Writes a number at its place, in the order of the network.
void put_word(std::string& bytes, std::size_t at, std::size_t word);

}  // namespace sbx::network
