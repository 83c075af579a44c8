// Sockets of loopback for tests, which give up after ten seconds.
#pragma once

#include <string>
#include <string_view>

#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>

#include "network/endpoint.h"
#include "os/fd.h"

namespace sbx::test {

// Bound to a free port of loopback; a stream socket listens.
inline os::Fd open_socket(int family, int type) {
    os::Fd socket(::socket(family, type | SOCK_CLOEXEC, 0));
    constexpr timeval kPatience{.tv_sec = 10, .tv_usec = 0};
    (void)::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    (void)::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
    return socket;
}

inline os::Fd bound_socket(int family, int type, std::uint16_t port = 0) {
    os::Fd socket = open_socket(family, type);
    const network::Endpoint here = network::Endpoint::loopback(family, port);
    constexpr int kOn = 1;
    (void)::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof kOn);
    if (::bind(socket.get(), here.raw(), here.size()) != 0) return {};
    if (type == SOCK_STREAM) (void)::listen(socket.get(), 4096);
    return socket;
}

inline std::uint16_t port_of(const os::Fd& socket) {
    return network::Endpoint::of_socket(socket.get()).port();
}

inline os::Fd connected_socket(int family, int type, std::uint16_t port) {
    os::Fd socket = open_socket(family, type);
    const network::Endpoint there = network::Endpoint::loopback(family, port);
    if (::connect(socket.get(), there.raw(), there.size()) != 0) return {};
    return socket;
}

inline os::Fd accepted_socket(const os::Fd& listener) {
    pollfd next{.fd = listener.get(), .events = POLLIN, .revents = 0};
    if (::poll(&next, 1, 10'000) != 1) return {};
    return os::Fd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
}

inline bool say(const os::Fd& socket, std::string_view words) {
    return ::send(socket.get(), words.data(), words.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(words.size());
}

// What comes next; "(end)", or "(reset)", or another errno.
inline std::string hear(const os::Fd& socket) {
    char bytes[4096];
    const ssize_t size = ::recv(socket.get(), bytes, sizeof bytes, 0);
    if (size > 0) return {bytes, static_cast<std::size_t>(size)};
    if (size == 0) return "(end)";
    return errno == ECONNRESET ? "(reset)" : fmt::format("({})", errno);
}

}  // namespace sbx::test
