// Which names an address was just the answer for.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "network/dns_reply.h"

namespace sbx::network {

class EgressNames {
public:
    using Clock = std::chrono::steady_clock;

    // For as long as the name server says, and five minutes at least: programs keep what they know.
    void learn(const DnsReply& reply, Clock::time_point now);

    std::vector<std::string_view> names_of(const Address& address, Clock::time_point now) const;

    std::size_t size() const { return addresses_.size(); }

private:
    using Names = std::map<std::string, Clock::time_point, std::less<>>;  // until when

    void make_room(Clock::time_point now);

    std::map<Address, Names> addresses_ = {};
};

}  // namespace sbx::network
