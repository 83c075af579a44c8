// What a container uses at a moment.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "store/containers.h"

namespace sbx::container {

// From its cgroup; without one, from its processes. What cannot be known is absent.
struct Statistics {
    std::chrono::steady_clock::time_point at = {};
    std::optional<std::chrono::nanoseconds> cpu = {};  // of all its processors, since its start
    std::optional<std::uint64_t> memory = {};          // bytes
    std::optional<std::uint64_t> memory_limit = {};    // its own, or what the machine has
    std::optional<std::uint64_t> threads = {};
    std::optional<std::uint64_t> block_read = {};
    std::optional<std::uint64_t> block_written = {};
    std::optional<std::uint64_t> net_received = {};  // where it has a network of its own
    std::optional<std::uint64_t> net_sent = {};
};

// Of one that runs, as `live` says.
Statistics statistics_of(const store::LiveState& live);

// The number behind "NAME:" in a file of lines such as "Pss:  12 kB", in bytes.
std::optional<std::uint64_t> kilobytes_in(std::string_view text, std::string_view name);

// What came in and went out by all devices but loopback: /proc/net/dev.
struct Traffic {
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
};
Traffic parse_traffic(std::string_view text);

}  // namespace sbx::container
