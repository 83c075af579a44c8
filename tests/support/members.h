// A shared network, and frames of those who are on it.
#pragma once

#include "network/members.h"
#include "support/frames.h"

namespace sbx::test {

inline network::Subnet subnet(const char* text) { return network::Subnet::parse(text).value(); }
inline network::Address address(const char* text) { return network::Address::parse(text).value(); }

inline network::SharedNetwork shared_network() {
    network::SharedNetwork network{.id = std::string(64, 'a'), .name = "app"};
    network.layout.v4 = {.subnet = subnet("10.89.0.0/24"),
                         .gateway = address("10.89.0.1"),
                         .names = address("10.89.0.254")};
    network.layout.v6 = {.subnet = subnet("fd00:1::/64"),
                         .gateway = address("fd00:1::1"),
                         .names = address("fd00:1::fe")};
    network.range = network.layout.v4.subnet;
    return network;
}

inline network::Application applicant(const std::string& name, char digit) {
    return {.id = std::string(64, digit), .name = name};
}

// The same frame, from that device to another one.
inline std::string sent(const Frame& frame, const network::Place& by,
                        const std::string& to = "\x52\x55\x0a\x59\1\1") {
    std::string bytes = bytes_of(frame);
    return to + by.hardware + bytes.substr(12);
}

// Who has `wanted`? By ARP.
inline std::string arp_request(const network::Place& by, const network::Address& sender,
                               const network::Address& wanted, std::size_t operation = 1) {
    return std::string(6, '\xff') + by.hardware + word(0x0806) + word(1) + word(0x0800) +
           "\x06\x04" + word(operation) + by.hardware + sender.bytes() + std::string(6, '\0') +
           wanted.bytes();
}

// The same by IPv6, to the group that `wanted` is in.
inline std::string solicitation(const network::Place& by, const network::Address& sender,
                                const network::Address& wanted) {
    return sent({.from = sender.text(),
                 .to = "ff02::1:ff00:2",
                 .protocol = IPPROTO_ICMPV6,
                 .icmp = 135,
                 .payload = wanted.bytes()},
                by);
}

}  // namespace sbx::test
