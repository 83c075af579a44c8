// Connections to published ports, handed on to what listens in the container.
#pragma once

#include <deque>
#include <list>
#include <vector>

#include "network/events.h"
#include "network/listen.h"
#include "network/splice.h"

namespace sbx::network {

class TcpRelay {
public:
    // `most` is how many connections there may be at once; others wait until one has ended.
    TcpRelay(Events& events, std::size_t most) : events_(&events), most_(most) {}
    TcpRelay(const TcpRelay&) = delete;
    TcpRelay& operator=(const TcpRelay&) = delete;

    Result<> add(Listener listener);

    // What it does between two rounds of events. How long the next may take, in milliseconds; -1:
    // for ever.
    int turn();

    // Gives the listeners up. Connections that are there go on.
    void stop_listening();

    std::size_t connections() const { return connections_.size(); }

private:
    struct Connection {
        os::Fd outer;
        os::Fd inner = {};
        std::vector<Endpoint> ways;  // left to try
        bool connected = false;
        bool queued = false;
        Splice in = {};
        Splice out = {};
    };
    using Place = std::list<Connection>::iterator;

    Result<> listen_again();
    void pause();
    void on_listener(const Listener& listener);
    bool accept_one(const Listener& listener);
    void try_next_way(Place connection);
    void on_inner(Place connection, std::uint32_t events);
    void begin(Place connection);
    void pump(Place connection);
    void reset(Place connection);
    void remove(Place connection);

    Events* events_;
    std::size_t most_;
    std::deque<Listener> listeners_;  // whose places stay
    bool paused_ = false;
    bool short_of_means_ = false;  // so that time alone may help
    Pipes pipes_;
    std::list<Connection> connections_;
    std::deque<Place> ready_;  // those that have a turn before the next round of events
};

}  // namespace sbx::network
