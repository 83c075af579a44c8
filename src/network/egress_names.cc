#include "network/egress_names.h"

#include <algorithm>

namespace sbx::network {

// What has expired goes; where that is not enough, all goes: it is asked for again.
void EgressNames::make_room(Clock::time_point now) {
    constexpr std::size_t kMost = 8192;
    if (addresses_.size() < kMost) return;
    for (auto entry = addresses_.begin(); entry != addresses_.end();) {
        std::erase_if(entry->second, [&](const auto& name) { return name.second < now; });
        entry = entry->second.empty() ? addresses_.erase(entry) : std::next(entry);
    }
    if (addresses_.size() >= kMost) addresses_.clear();
}

void EgressNames::learn(const DnsReply& reply, Clock::time_point now) {
    constexpr std::chrono::seconds kLeast = std::chrono::minutes(5);
    constexpr std::chrono::seconds kMost = std::chrono::hours(24);
    constexpr std::size_t kMostNames = 64;
    make_room(now);
    for (const DnsReply::Found& found : reply.found) {
        Names& names = addresses_[found.address];
        if (names.size() >= kMostNames) names.clear();
        Clock::time_point& until = names[reply.name];
        until = std::max(until, now + std::clamp(found.valid, kLeast, kMost));
    }
}

std::vector<std::string_view> EgressNames::names_of(const Address& address,
                                                    Clock::time_point now) const {
    std::vector<std::string_view> names;
    const auto entry = addresses_.find(address);
    if (entry == addresses_.end()) return names;
    for (const auto& [name, until] : entry->second)
        if (until >= now) names.push_back(name);
    return names;
}

}  // namespace sbx::network
