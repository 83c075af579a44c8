// How many connections and sockets of the host a stack makes for those it serves.
//
// Each costs it memory and a descriptor, and where either runs out it ends, with the network of all
// who are on it. So what would begin one more than that is told here, before the stack has seen it.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "network/layout.h"
#include "network/packet.h"

namespace sbx::network {

// Connections of TCP that a stack has, also those that are over and wait for what is on its way.
struct Connections {
    std::size_t all = 0;
    std::map<Address, std::size_t> of = {};  // by who has begun them; of IPv6 together, at "::"

    friend bool operator==(const Connections&, const Connections&) = default;
};

// As slirp_connection_info() of libslirp has them: a line each, which does not tell addresses of
// IPv6.
Connections parse_connections(std::string_view lines);

class Quota {
public:
    static constexpr std::size_t kMostConnections = 5000;
    static constexpr std::size_t kLeastShare = 1000;      // of them, for each member
    static constexpr std::size_t kMostSockets = 3000;     // that a datagram may add one to
    static constexpr std::size_t kSocketsForNames = 500;  // that questions may add besides

    using Count = std::function<Connections()>;
    using Time = std::chrono::steady_clock::time_point;

    // `count` walks through all of them: it is asked seldom.
    Quota(const Layout& layout, Count count) : layout_(layout), count_(std::move(count)) {}

    // On a network of several: how many they are. None of them has all the connections.
    void share_among(std::size_t members);

    // How many sockets are waited for by now.
    void note_sockets(std::size_t number) { sockets_ = number; }

    struct Decision {
        bool goes_on = true;
        std::string answer = {};  // a frame for who has sent it; may be there where it does not
    };
    Decision judge(std::string_view frame, Time now);

private:
    bool is_beyond(const Address& source) const;
    bool has_room(const Address& source, Time now);
    bool is_question(const Packet& packet) const;

    Layout layout_;
    Count count_;
    std::size_t share_ = kMostConnections;
    std::size_t sockets_ = 0;
    Connections known_ = {};  // as counted last, and all that have begun since
    std::size_t begun_ = 0;   // since
    Time counted_ = {};
};

}  // namespace sbx::network
