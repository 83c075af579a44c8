// What a name server answers, as far as it tells addresses: RFC 1035, section 4.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "network/address.h"

namespace sbx::network {

struct DnsReply {
    struct Found {
        Address address;
        std::chrono::seconds valid{0};
    };
    std::uint16_t id = 0;
    std::string name;  // that was asked for: in lower case, without a dot at its end
    std::vector<Found> found = {};
};

// Of a message that answers one question about the Internet, without an error; nothing for any
// other, and for one that is not as it should be. The addresses are those of the name, and of
// names that it stands for by what the message says.
std::optional<DnsReply> parse_dns_reply(std::string_view message);

}  // namespace sbx::network
