#include "network/inside.h"

#include <optional>

namespace sbx::network {

// The address that this namespace would speak from to a far one; nothing is sent. The far ones are
// of networks for documentation (RFC 5737, RFC 3849).
static std::optional<Endpoint> own_address(int family) {
    const os::Fd socket(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket) return std::nullopt;
    const std::optional<Endpoint> far =
        Endpoint::parse(family == AF_INET ? "192.0.2.1" : "2001:db8::1", 9);
    if (!far || ::connect(socket.get(), far->raw(), far->size()) != 0) return std::nullopt;
    const Endpoint own = Endpoint::of_socket(socket.get());
    return own.is_loopback() || own.is_wildcard() ? std::nullopt : std::optional(own);
}

std::vector<Endpoint> ways_to(std::uint16_t port, int family) {
    const int other = family == AF_INET ? AF_INET6 : AF_INET;
    std::vector<Endpoint> ways;
    for (const int one : {family, other})
        if (std::optional<Endpoint> own = own_address(one)) {
            own->set_port(port);
            ways.push_back(*own);
        }
    for (const int one : {family, other})
        ways.push_back(Endpoint::loopback(one, port));
    return ways;
}

}  // namespace sbx::network
