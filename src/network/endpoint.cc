#include "network/endpoint.h"

#include <cstddef>
#include <string_view>

#include <arpa/inet.h>
#include <fmt/core.h>

namespace sbx::network {

std::optional<Endpoint> Endpoint::parse(const std::string& address, std::uint16_t port) {
    Endpoint endpoint;
    if (::inet_pton(AF_INET, address.c_str(), &endpoint.storage_.v4.sin_addr) == 1) {
        endpoint.storage_.any.sa_family = AF_INET;
    } else {
        endpoint = Endpoint();
        if (::inet_pton(AF_INET6, address.c_str(), &endpoint.storage_.v6.sin6_addr) != 1)
            return std::nullopt;
        endpoint.storage_.any.sa_family = AF_INET6;
    }
    endpoint.set_port(port);
    return endpoint;
}

Endpoint Endpoint::of(in_addr address) {
    Endpoint endpoint;
    endpoint.storage_.any.sa_family = AF_INET;
    endpoint.storage_.v4.sin_addr = address;
    return endpoint;
}

Endpoint Endpoint::of(const in6_addr& address) {
    Endpoint endpoint;
    endpoint.storage_.any.sa_family = AF_INET6;
    endpoint.storage_.v6.sin6_addr = address;
    return endpoint;
}

Endpoint Endpoint::loopback(int family, std::uint16_t port) {
    Endpoint endpoint =
        family == AF_INET ? of(in_addr{.s_addr = htonl(INADDR_LOOPBACK)}) : of(in6addr_loopback);
    endpoint.set_port(port);
    return endpoint;
}

Endpoint Endpoint::of_socket(int socket) {
    Endpoint endpoint;
    socklen_t size = sizeof endpoint.storage_;
    if (::getsockname(socket, endpoint.raw(), &size) != 0) return {};
    return endpoint;
}

// Both have it at the same place.
static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
std::uint16_t Endpoint::port() const { return ntohs(storage_.v4.sin_port); }
void Endpoint::set_port(std::uint16_t port) { storage_.v4.sin_port = htons(port); }

std::string Endpoint::address() const {
    char text[INET6_ADDRSTRLEN] = "";
    if (family() == AF_INET)
        (void)::inet_ntop(AF_INET, &storage_.v4.sin_addr, text, sizeof text);
    else if (family() == AF_INET6)
        (void)::inet_ntop(AF_INET6, &storage_.v6.sin6_addr, text, sizeof text);
    return text;
}

bool Endpoint::is_loopback() const {
    constexpr std::uint32_t kNet = 127;
    if (family() == AF_INET) return ntohl(storage_.v4.sin_addr.s_addr) >> 24 == kNet;
    return IN6_IS_ADDR_LOOPBACK(&storage_.v6.sin6_addr);
}

bool Endpoint::is_wildcard() const {
    if (family() == AF_INET) return storage_.v4.sin_addr.s_addr == INADDR_ANY;
    return IN6_IS_ADDR_UNSPECIFIED(&storage_.v6.sin6_addr);
}

socklen_t Endpoint::size() const {
    return family() == AF_INET ? sizeof storage_.v4 : sizeof storage_.v6;
}

// What the kernel leaves out of a message is 0 in both, as they begin so.
std::strong_ordering operator<=>(const Endpoint& a, const Endpoint& b) {
    const auto bytes = [](const Endpoint& one) {
        return std::string_view(reinterpret_cast<const char*>(&one.storage_), sizeof one.storage_);
    };
    return bytes(a) <=> bytes(b);
}

std::string to_text(const Endpoint& endpoint) {
    const bool v6 = endpoint.family() == AF_INET6;
    return fmt::format("{}{}{}:{}", v6 ? "[" : "", endpoint.address(), v6 ? "]" : "",
                       endpoint.port());
}

}  // namespace sbx::network
