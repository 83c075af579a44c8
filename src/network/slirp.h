// A network stack that speaks to a container in packets and to the world by sockets of this
// process: libslirp.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <poll.h>

#include "base/error.h"
#include "network/layout.h"
#include "network/quota.h"

namespace sbx::network {

class Slirp {
public:
    using Send = std::function<void(std::string_view frame)>;  // to the container

    // One for each process: `resolv` is the host's resolv.conf(5), whose first name servers are
    // asked in the container's name; they do not change. Containers are told apart by address.
    static Result<Slirp> open(const Layout& layout, std::string resolv, Send send);

    Slirp(Slirp&&) noexcept;
    ~Slirp();

    // A frame from the container. What is in it has been looked at: Policy. One that would begin
    // more than there is room for goes no further: Quota.
    void receive(std::string_view frame);

    // On a network of several: how many they are.
    void share_among(std::size_t members);

    // By slirp_connection_info(). It takes as long as there are many.
    Connections connections() const;

    // Appends what it waits for, and says for how long at most: milliseconds, -1 for any time. The
    // same entries come back, seen by poll(2), to proceed(), also where nothing has happened.
    int prepare(std::vector<pollfd>& waited_for);
    void proceed(std::span<const pollfd> seen);

private:
    struct State;
    explicit Slirp(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace sbx::network
