#include "network/policy.h"

#include "network/closed.h"

namespace sbx::network {

using Kind = Packet::Kind;
using Verdict = Policy::Verdict;

// Answers go to where a packet says it is from: not to what is the stack's own.
bool Policy::is_its_own(const Address& source) const {
    const Layout::Side* side = layout_.side_with(source);
    return side && source != side->gateway && source != side->names;
}

Verdict Policy::judge_inside(const Packet& packet, const Layout::Side& side) const {
    const Address& to = packet.destination;
    if (to == side.gateway) {
        if (packet.kind == Kind::echo) return Verdict::pass;  // the stack answers it itself
        return layout_.allow_host_loopback ? Verdict::pass : Verdict::refuse;
    }
    if (to == side.names) {
        if (packet.kind == Kind::echo) return Verdict::pass;
        return packet.port == kDomainPort ? Verdict::pass : Verdict::refuse;
    }
    // Nobody else is there, and what goes to all of them has nobody to refuse it.
    const bool to_all = !to.is_v6() && to == side.subnet.at(side.subnet.last());
    return to_all ? Verdict::drop : Verdict::refuse;
}

Verdict Policy::judge_outside(const Packet& packet) const {
    if (is_group(packet.destination)) return Verdict::drop;
    const Address& to = packet.destination;
    if (is_closed(to) || is_of_host_(to)) return Verdict::refuse;
    if (const std::optional<Address> behind = translated(to); behind && is_of_host_(*behind))
        return Verdict::refuse;
    // The stack sends no echo on by version 6: better no answer than none for ever.
    return packet.kind == Kind::echo && to.is_v6() ? Verdict::refuse : Verdict::pass;
}

// The stack answers these itself; none leaves it.
Verdict Policy::judge_neighbour(const Packet& packet) const {
    static const Address kLink = Address::known("fe80::");
    static const Address kGroups = Address::known("ff02::");
    const auto on_link = [&](const Address& address) {
        return is_inside(address) || address.is_in(kLink, 10);
    };
    static const Address kNone = Address::known("::");
    const bool from = packet.source == kNone || on_link(packet.source);
    const bool to = on_link(packet.destination) || packet.destination.is_in(kGroups, 16);
    return from && to ? Verdict::pass : Verdict::drop;
}

Verdict Policy::judge(std::string_view frame) const {
    const std::optional<Packet> packet = parse_frame(frame);
    if (!packet) return Verdict::drop;
    if (packet->source.is_v6() && !layout_.v6) return Verdict::drop;
    if (packet->kind == Kind::arp)
        return is_its_own(packet->source) && is_inside(packet->destination) ? Verdict::pass
                                                                            : Verdict::drop;
    if (packet->kind == Kind::neighbour) return judge_neighbour(*packet);
    if (!is_its_own(packet->source)) return Verdict::drop;
    const Layout::Side* side = layout_.side_with(packet->destination);
    return side ? judge_inside(*packet, *side) : judge_outside(*packet);
}

}  // namespace sbx::network
