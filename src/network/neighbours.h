// Who has an address on a link: ARP (RFC 826) and the neighbour discovery of IPv6 (RFC 4861).
// Containers ask whoever is there; answers are made up for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "network/address.h"

namespace sbx::network {

// Who asks for whom, whole and as it should be. One of IPv6 that asks about its own address before
// it has it (RFC 4862) has no sender; one of ARP has 0.0.0.0.
struct Inquiry {
    Address sender;
    std::string hardware;  // that it says it has, 6 bytes; of IPv6 that of the frame
    Address wanted;
};
std::optional<Inquiry> parse_inquiry(std::string_view frame);

// The answer to such a frame: `hardware`, 6 bytes, has the address.
std::string answer_of(std::string_view frame, std::string_view hardware);

// Whether the frame belongs to neighbour discovery, in whatever state it is.
bool is_discovery(std::string_view frame);

}  // namespace sbx::network
