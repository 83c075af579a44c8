// Ports of containers that are published on the host, as -p, -P and --expose name them:
// docker-run(1), "--publish".
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "network/endpoint.h"

namespace sbx::network {

enum class Protocol : std::uint8_t { tcp, udp };
const char* name_of(Protocol protocol);  // "tcp"

struct ContainerPort {
    std::uint16_t number = 0;
    Protocol protocol = Protocol::tcp;

    friend auto operator<=>(const ContainerPort&, const ContainerPort&) = default;
};
std::string to_text(ContainerPort port);  // "80/tcp"

// One port of a container and where it is on the host.
struct PortMapping {
    std::string address = {};       // of the host, as Endpoint::address() has it
    std::uint16_t host_port = 0;    // 0: one that is free
    std::uint16_t last_choice = 0;  // where it is not 0: the first free one from host_port to this
    ContainerPort container = {};

    Endpoint host() const;
    friend bool operator==(const PortMapping&, const PortMapping&) = default;
};

// [[ADDRESS:][HOST]:]CONTAINER[/tcp|/udp]. HOST and CONTAINER are ports or ranges, "8000-8002", of
// one length, or HOST alone is a range; an IPv6 address stands in brackets. `address` is the
// host's where none is given. Kind::usage, or Kind::unsupported for sctp.
Result<std::vector<PortMapping>> parse_publish(std::string_view text, const std::string& address);

// "80", "90-92/udp".
Result<std::vector<ContainerPort>> parse_expose(std::string_view text);

// Those of `exposed` that `published` has not, each at a free port of the host.
std::vector<PortMapping> publish_all(const std::vector<ContainerPort>& exposed,
                                     const std::vector<PortMapping>& published,
                                     const std::string& address);

// No port of the host can be had twice: Kind::usage.
Result<> check_distinct(const std::vector<PortMapping>& ports);

// "127.0.0.1:8000-8001->80-81/tcp, [::1]:53->53/udp": neighbours are one range, as docker shows
// them.
std::string to_text(const std::vector<PortMapping>& ports);

Json to_json(const std::vector<PortMapping>& ports);
Result<std::vector<PortMapping>> port_mappings_from(const Json& json);

}  // namespace sbx::network
