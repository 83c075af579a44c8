// Shared networks for tests, with devices that are sockets.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "network/membership.h"
#include "support/files.h"
#include "support/members.h"
#include "support/results.h"

namespace sbx::test {

struct DeviceEnds {
    os::Fd inside;  // where a container would write
    os::Fd outside;
};
inline DeviceEnds device() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
    return {.inside = os::Fd(ends[0]), .outside = os::Fd(ends[1])};
}

// A frame that comes within ten seconds; empty where the device is gone, "(none)" for nothing.
inline std::string next_frame(const os::Fd& inside, int patience_ms = 10'000) {
    pollfd next{.fd = inside.get(), .events = POLLIN, .revents = 0};
    if (::poll(&next, 1, patience_ms) != 1) return "(none)";
    char bytes[70'000];
    const ssize_t size = ::read(inside.get(), bytes, sizeof bytes);
    return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : "";
}

inline void put_frame(const os::Fd& inside, const std::string& frame) {
    EXPECT_EQ(::write(inside.get(), frame.data(), frame.size()),
              static_cast<ssize_t>(frame.size()));
}

// One that is on the network `app`, whose folder is `folder`.
struct Comer {
    network::Membership membership;
    os::Fd inside;

    const network::Place& place() const { return membership.place(); }
};
inline Comer join(const TempFolder& folder, const network::SharedNetwork& network, char digit) {
    Result<network::Membership> membership = network::Membership::join(
        folder.fd(), network, applicant(std::string("box-") + digit, digit));
    EXPECT_TRUE(succeeds(membership));
    DeviceEnds ends = device();
    EXPECT_TRUE(succeeds(membership->serve(ends.outside)));
    return {.membership = *std::move(membership), .inside = std::move(ends.inside)};
}

inline network::SharedNetwork internal_network() {
    network::SharedNetwork network = shared_network();
    network.internal = true;
    return network;
}

}  // namespace sbx::test
