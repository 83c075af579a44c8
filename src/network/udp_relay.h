// Datagrams to published ports, and the answers to them.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <vector>

#include "network/events.h"
#include "network/listen.h"

namespace sbx::network {

class UdpRelay {
public:
    using Clock = std::chrono::steady_clock;

    // `most` is how many peers there may be at once: the one that has been silent for longest makes
    // room for a new one.
    UdpRelay(Events& events, std::size_t most) : events_(&events), most_(most) {}
    UdpRelay(const UdpRelay&) = delete;
    UdpRelay& operator=(const UdpRelay&) = delete;

    Result<> add(Listener listener);

    // Forgets peers that have been silent for long. How long the next round of events may take, in
    // milliseconds; -1: for ever.
    int turn(Clock::time_point now);

    // Gives the listeners up, and forgets all peers.
    void stop();

    std::size_t peers() const { return flows_.size(); }

private:
    // Who asks, and the address that is asked: the answer comes from there.
    struct Peer {
        const Listener* listener = nullptr;
        Endpoint peer = {};
        Endpoint own = {};

        friend auto operator<=>(const Peer&, const Peer&) = default;
    };
    // A socket of its own in the container for each, so that the container's answers can be told
    // apart.
    struct Flow {
        os::Fd inner = {};
        std::vector<Endpoint> ways = {};  // left to try
        Clock::time_point last = {};
    };
    using Flows = std::map<Peer, Flow>;

    void on_listener(const Listener& listener);
    Flow& flow_of(const Peer& peer);
    bool connect_next_way(const Peer& peer, Flow& flow);
    void send_in(const Peer& peer, Flow& flow, std::size_t size);
    void on_inner(const Peer& peer, Flow& flow);
    void remove(Flows::iterator flow);

    Events* events_;
    std::size_t most_;
    std::deque<Listener> listeners_;  // whose places stay
    Flows flows_;
    std::vector<char> bytes_ = std::vector<char>(std::size_t{64} << 10);
};

}  // namespace sbx::network
