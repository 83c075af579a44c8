// Which packets of a container go on to the network stack that sends them out.
//
// The stack opens a socket of the host for each: what is let pass reaches whatever the person's own
// programs would reach, so what is meant for them alone is told here, before the stack has seen it.
#pragma once

#include <functional>
#include <string_view>

#include "network/layout.h"
#include "network/packet.h"

namespace sbx::network {

class Policy {
public:
    // Whether an address is the host's own, or of all on one of its links.
    using IsOfHost = std::function<bool(const Address&)>;

    Policy(const Layout& layout, IsOfHost is_of_host)
        : layout_(layout), is_of_host_(std::move(is_of_host)) {}

    enum class Verdict : std::uint8_t {
        pass,
        refuse,  // and the container is told so
        drop,
    };
    Verdict judge(std::string_view frame) const;

private:
    bool is_its_own(const Address& source) const;
    bool is_inside(const Address& address) const { return layout_.side_with(address) != nullptr; }
    Verdict judge_inside(const Packet& packet, const Layout::Side& side) const;
    Verdict judge_outside(const Packet& packet) const;
    Verdict judge_neighbour(const Packet& packet) const;

    Layout layout_;
    IsOfHost is_of_host_;
};

}  // namespace sbx::network
