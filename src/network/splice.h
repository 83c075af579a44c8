// Bytes from one socket to another by way of a pipe, without a copy through this process:
// splice(2).
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "os/pipe.h"

namespace sbx::network {

// Pipes that are empty, for whoever is next.
class Pipes {
public:
    Result<os::Pipe> take();
    void give_back(os::Pipe pipe);

private:
    std::vector<os::Pipe> free_;
};

// One direction of a connection, from its first byte to its end.
class Splice {
public:
    enum class Outcome : std::uint8_t {
        waits,    // until one of the sockets is ready
        goes_on,  // there may be more, and others should have their turn first
        ended,    // `from` has come to its end, and `to` has been told
        broken,
    };

    // Both sockets do not block.
    Outcome pump(os::FdView from, os::FdView to, Pipes& pipes);
    bool has_ended() const { return ended_; }

private:
    Outcome fill(os::FdView from, Pipes& pipes);
    Outcome drain(os::FdView to, Pipes& pipes);

    os::Pipe pipe_;  // only while there is something in it
    std::size_t held_ = 0;
    bool ended_ = false;
};

}  // namespace sbx::network
