// What the host is called in a container that may reach its loopback by the gateway.
#pragma once

#include <array>
#include <string_view>

namespace sbx::network {

inline constexpr std::array<std::string_view, 2> kGatewayNames = {"host.containers.internal",
                                                                  "host.docker.internal"};

}  // namespace sbx::network
