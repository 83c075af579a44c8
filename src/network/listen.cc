#include "network/listen.h"

#include "base/text.h"
#include "network/port_holder.h"
#include "os/file.h"

namespace sbx::network {

static std::string what(const Endpoint& host, Protocol protocol) {
    return fmt::format("publish on {}/{}", to_text(host), name_of(protocol));
}

static Error in_use(const Endpoint& host, Protocol protocol) {
    const std::optional<PortHolder> holder = holder_of(host, protocol);
    return {Error::Kind::busy, "{}: the port is in use{}", what(host, protocol),
            holder ? fmt::format(", by process {} ({})", holder->pid, excerpt(holder->name)) : ""};
}

static Error not_for_users(const Endpoint& host, Protocol protocol) {
    const std::string text =
        os::read_proc("/proc/sys/net/ipv4/ip_unprivileged_port_start").value_or("1024");
    const std::string_view start = trim(text);
    Error error(Error::Kind::denied, "{}: ports below {} are not for ordinary users",
                what(host, protocol), excerpt(start));
    return std::move(error).hint(fmt::format(
        "take a port from {} on, or: sudo sysctl net.ipv4.ip_unprivileged_port_start={}",
        excerpt(start), host.port()));
}

static Error cannot_bind(int err, const Endpoint& host, Protocol protocol) {
    if (err == EADDRINUSE && host.port() != 0) return in_use(host, protocol);
    if (err == EACCES) return not_for_users(host, protocol);
    if (err == EADDRNOTAVAIL)
        return {Error::Kind::usage, "{}: this machine has no such address", what(host, protocol)};
    return Error::from_errno(err, "{}", what(host, protocol));
}

// A port is free again at once, whatever connections of it the kernel still remembers; of udp that
// would mean to share it.
static bool prepare(const os::Fd& socket, const Endpoint& host, Protocol protocol) {
    constexpr int kOn = 1;
    const auto set = [&](int level, int option) {
        return ::setsockopt(socket.get(), level, option, &kOn, sizeof kOn) == 0;
    };
    if (protocol == Protocol::tcp && !set(SOL_SOCKET, SO_REUSEADDR)) return false;
    if (host.family() == AF_INET6 && !set(IPPROTO_IPV6, IPV6_V6ONLY)) return false;
    if (protocol == Protocol::tcp) return true;
    // What is answered comes from the address that was asked.
    return host.family() == AF_INET6 ? set(IPPROTO_IPV6, IPV6_RECVPKTINFO)
                                     : set(IPPROTO_IP, IP_PKTINFO);
}

static Result<os::Fd> open_at(const Endpoint& host, Protocol protocol) {
    constexpr int kBacklog = 4096;
    const int type = protocol == Protocol::tcp ? SOCK_STREAM : SOCK_DGRAM;
    os::Fd socket(::socket(host.family(), type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const bool bound = socket && prepare(socket, host, protocol) &&
                       ::bind(socket.get(), host.raw(), host.size()) == 0 &&
                       (protocol == Protocol::udp || ::listen(socket.get(), kBacklog) == 0);
    if (!bound) return cannot_bind(errno, host, protocol);
    return socket;
}

static Result<> open(Listener& listener) {
    PortMapping& port = listener.port;
    Endpoint host = port.host();
    const std::uint16_t last = std::max(port.last_choice, port.host_port);
    for (std::uint32_t number = port.host_port; number <= last; ++number) {
        host.set_port(static_cast<std::uint16_t>(number));
        Result<os::Fd> socket = open_at(host, port.container.protocol);
        if (socket.failed_as(Error::Kind::busy) && port.last_choice != 0) continue;
        listener.socket = TRY(std::move(socket));
        port.host_port = Endpoint::of_socket(listener.socket.get()).port();
        port.last_choice = 0;
        return {};
    }
    host.set_port(port.host_port);
    return Error(Error::Kind::busy, "{}: all ports up to {} are in use",
                 what(host, port.container.protocol), last);
}

// Those that must be what they are come first: a free one might be one of them.
static int freedom_of(const PortMapping& port) {
    if (port.host_port == 0) return 2;
    return port.last_choice != 0 ? 1 : 0;
}

Result<std::vector<Listener>> listen_on_host(const std::vector<PortMapping>& ports) {
    std::vector<Listener> listeners;
    listeners.reserve(ports.size());
    for (const PortMapping& port : ports)
        listeners.push_back({.port = port});
    for (int freedom = 0; freedom <= 2; ++freedom)
        for (std::size_t i = 0; i < ports.size(); ++i)
            if (freedom_of(ports[i]) == freedom) TRY(open(listeners[i]));
    return listeners;
}

}  // namespace sbx::network
