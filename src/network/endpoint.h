// An address of the Internet and a port: ip(7), ipv6(7).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include <netinet/in.h>
#include <sys/socket.h>

namespace sbx::network {

class Endpoint {
public:
    Endpoint() = default;  // of no family: what receive calls are given to fill

    // "127.0.0.1" or "::1", without brackets; nothing where it is neither.
    static std::optional<Endpoint> parse(const std::string& address, std::uint16_t port);
    static Endpoint loopback(int family, std::uint16_t port);
    static Endpoint of(in_addr address);  // with port 0
    static Endpoint of(const in6_addr& address);

    // The one that `socket` is bound to: getsockname(2).
    static Endpoint of_socket(int socket);

    int family() const { return storage_.any.sa_family; }  // AF_INET, AF_INET6
    std::uint16_t port() const;
    void set_port(std::uint16_t port);
    std::string address() const;                         // as parse() takes it
    in_addr v4() const { return storage_.v4.sin_addr; }  // where the family is AF_INET
    in6_addr v6() const { return storage_.v6.sin6_addr; }
    bool is_loopback() const;
    bool is_wildcard() const;  // stands for all addresses

    const sockaddr* raw() const { return &storage_.any; }
    sockaddr* raw() { return &storage_.any; }
    socklen_t size() const;

    friend std::strong_ordering operator<=>(const Endpoint& a, const Endpoint& b);
    friend bool operator==(const Endpoint& a, const Endpoint& b) { return (a <=> b) == 0; }

private:
    union Storage {
        sockaddr any;
        sockaddr_in v4;
        sockaddr_in6 v6;
    };
    Storage storage_ = {.v6 = {}};
};

// "127.0.0.1:80", "[::1]:80".
std::string to_text(const Endpoint& endpoint);

}  // namespace sbx::network
