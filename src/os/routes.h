// Where the kernel would send packets to: ip-route(8), rtnetlink(7).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "os/fd.h"
#include "os/route_socket.h"

namespace sbx::os {

class Routes {
public:
    // Of the network namespace that this process is in.
    static Result<Routes> open();

    // Whether packets to `address` (4 bytes or 16, in the order of the network) stay on this
    // machine, or go to all on a link: an address of its own, of a broadcast, of a group. One that
    // there is no way to is not of it.
    Result<bool> ends_here(std::string_view address) const;

    // Where there are ways of their own to, beside that to all the rest. An address of IPv4 has 4
    // bytes, and the first `bits` of them count.
    struct Destination {
        std::string address;
        unsigned bits = 0;
    };
    Result<std::vector<Destination>> destinations() const;

    FdView fd() const { return socket_.fd(); }

private:
    explicit Routes(RouteSocket socket) : socket_(std::move(socket)) {}

    RouteSocket socket_;
};

}  // namespace sbx::os
