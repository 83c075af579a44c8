#include "network/closed.h"

#include <algorithm>
#include <array>

namespace sbx::network {

namespace {

struct Range {
    const char* network;
    unsigned bits;
};

constexpr auto kGroups = std::to_array<Range>({
    {"224.0.0.0", 4},
    {"240.0.0.0", 4},  // reserved, and 255.255.255.255
    {"ff00::", 8},
});

constexpr auto kClosed = std::to_array<Range>({
    {"0.0.0.0", 8},  // the kernel takes it for the loopback
    {"127.0.0.0", 8},
    {"169.254.0.0", 16},      // the link, and most clouds' metadata
    {"192.0.0.0", 24},        // of protocols; Oracle's metadata
    {"100.100.100.200", 32},  // Alibaba's metadata
    {"168.63.129.16", 32},    // Azure's host
    {"::", 96},               // ::, ::1, and IPv4 as it was once written
    {"::ffff:0:0", 96},       // IPv4: a socket of IPv6 reaches 127.0.0.1 by it
    {"64:ff9b:1::", 48},      // any IPv4, as a network's own translator has it: RFC 8215
    {"fe80::", 10},
    {"fec0::", 10},
    {"fd00:ec2::254", 128},  // metadata of Amazon's, Google's and Scaleway's
    {"fd20:ce::254", 128},
    {"fd00:42::42", 128},
});

struct Translated {
    Range range;
    std::size_t at;
};
constexpr auto kTranslated = std::to_array<Translated>({
    {{"64:ff9b::", 96}, 12},
    {{"2002::", 16}, 2},
});

struct Known {
    Address network;
    unsigned bits;
};

template <std::size_t N>
std::array<Known, N> known(const std::array<Range, N>& ranges) {
    std::array<Known, N> all{};
    std::ranges::transform(ranges, all.begin(), [](const Range& range) {
        return Known{.network = Address::known(range.network), .bits = range.bits};
    });
    return all;
}

}  // namespace

bool is_group(const Address& address) {
    static const auto kKnown = known(kGroups);
    return std::ranges::any_of(
        kKnown, [&](const Known& range) { return address.is_in(range.network, range.bits); });
}

std::optional<Address> translated(const Address& address) {
    for (const Translated& way : kTranslated)
        if (address.is_in(Address::known(way.range.network), way.range.bits))
            return address.embedded(way.at);
    return {};
}

bool is_closed(const Address& address) {
    static const auto kKnown = known(kClosed);
    if (is_group(address)) return true;
    if (std::ranges::any_of(
            kKnown, [&](const Known& range) { return address.is_in(range.network, range.bits); }))
        return true;
    const std::optional<Address> behind = translated(address);
    return behind && is_closed(*behind);
}

}  // namespace sbx::network
