#include "network/quota.h"

#include <algorithm>

#include "base/text.h"
#include "network/transport.h"

namespace sbx::network {

using Kind = Packet::Kind;

static const Address& key_of(const Address& source) {
    static const Address kOfV6 = Address::known("::");
    return source.is_v6() ? kOfV6 : source;
}

// The word of that number, from 0; there is any number of spaces between two.
static std::string_view word_of(std::string_view line, std::size_t number) {
    std::size_t begin = line.find_first_not_of(' ');
    for (; number > 0 && begin != line.npos; --number)
        begin = line.find_first_not_of(' ', line.find(' ', begin));
    return begin == line.npos ? "" : line.substr(begin, line.find(' ', begin) - begin);
}

// "  TCP[ESTABLISHED]   12      10.0.2.100  4000         1.1.1.1    80     0     0"
Connections parse_connections(std::string_view lines) {
    constexpr std::size_t kSource = 2;
    Connections found;
    for (const std::string_view line : split(lines, '\n')) {
        const std::string_view from = word_of(line, kSource);
        if (from.empty() || !word_of(line, 0).starts_with("TCP[")) continue;
        const std::optional<Address> source = Address::parse(from);
        ++found.all;
        ++found.of[source ? *source : Address::known("::")];
    }
    return found;
}

void Quota::share_among(std::size_t members) {
    share_ = std::max(kMostConnections / std::max<std::size_t>(2, members), kLeastShare);
}

bool Quota::is_beyond(const Address& source) const {
    const auto own = known_.of.find(source);
    return known_.all >= kMostConnections || (own != known_.of.end() && own->second >= share_);
}

// What is known may be over by now, and what has begun may have been one that was known.
bool Quota::has_room(const Address& source, Time now) {
    constexpr std::size_t kMany = 64;
    constexpr std::chrono::milliseconds kLong(100);
    if (!is_beyond(source)) return true;
    if (begun_ < kMany && now - counted_ < kLong) return false;
    known_ = count_();
    begun_ = 0;
    counted_ = now;
    return !is_beyond(source);
}

// To no other address inside does a packet to that port come.
bool Quota::is_question(const Packet& packet) const {
    const Layout::Side* side = layout_.side_with(packet.destination);
    return side && packet.destination == side->names && packet.kind == Kind::udp;
}

Quota::Decision Quota::judge(std::string_view frame, Time now) {
    const std::optional<Packet> packet = parse_frame(frame);
    if (!packet || packet->kind == Kind::arp || packet->kind == Kind::neighbour) return {};
    if (packet->kind != Kind::tcp) {
        const std::size_t besides = is_question(*packet) ? kSocketsForNames : 0;
        return {.goes_on = sockets_ <= kMostSockets + besides};
    }
    const std::optional<TcpSegment> segment = parse_segment(frame);
    if (!segment || !segment->begins || segment->breaks_off) return {};
    const Address& source = key_of(packet->source);
    if (!has_room(source, now))
        return {.goes_on = false, .answer = reset_for_sender(frame, *segment)};
    ++begun_;
    ++known_.all;
    ++known_.of[source];
    return {};
}

}  // namespace sbx::network
