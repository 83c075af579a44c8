// Frames of Ethernet as a container sends them.
#pragma once

#include <string>

#include <netinet/in.h>

#include "network/address.h"

namespace sbx::test {

struct Frame {
    std::string from = "10.0.2.100";
    std::string to = "1.1.1.1";
    int protocol = IPPROTO_TCP;
    std::uint16_t port = 80;
    int icmp = -1;          // its type, of ICMP and ICMPv6; -1: an echo request
    unsigned fragment = 0;  // flags and offset of IPv4
    std::string payload = {};
};

inline std::string word(std::size_t number) {
    return {static_cast<char>(number >> 8U & 0xffU), static_cast<char>(number & 0xffU)};
}

inline std::string ethernet(std::size_t type) {
    return "\x52\x55\x0a" + std::string(3, '\x02') + "\x02\x42\x0a" + std::string(3, '\x64') +
           word(type);
}

inline std::string message_of(const Frame& frame, bool version_6) {
    if (frame.protocol == IPPROTO_TCP)
        return word(4000) + word(frame.port) + std::string(8, '\0') + "\x50\x02" +
               std::string(6, '\0') + frame.payload;
    if (frame.protocol == IPPROTO_UDP)
        return word(4000) + word(frame.port) + word(8 + frame.payload.size()) +
               std::string(2, '\0') + frame.payload;
    const int type = frame.icmp >= 0 ? frame.icmp : version_6 ? 128 : 8;
    return static_cast<char>(type) + std::string(7, '\0') + frame.payload;
}

// RFC 1071, of an even number of bytes.
inline std::string checksum(const std::string& bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        sum += static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i])) << (i % 2 ? 0U : 8U);
    while (sum > 0xffff)
        sum = (sum & 0xffffU) + (sum >> 16U);
    return word(~sum & 0xffffU);
}

inline std::string bytes_of(const Frame& frame) {
    const auto from = *network::Address::parse(frame.from);
    const auto to = *network::Address::parse(frame.to);
    const std::string message = message_of(frame, to.is_v6());
    const auto protocol = static_cast<char>(frame.protocol);
    if (to.is_v6())
        return ethernet(0x86dd) + "\x60" + std::string(3, '\0') + word(message.size()) + protocol +
               "\x40" + from.bytes() + to.bytes() + message;
    std::string header = std::string("\x45\0", 2) + word(20 + message.size()) + word(7) +
                         word(frame.fragment) + "\x40" + protocol + word(0) + from.bytes() +
                         to.bytes();
    header.replace(10, 2, checksum(header));
    return ethernet(0x0800) + header + message;
}

}  // namespace sbx::test
