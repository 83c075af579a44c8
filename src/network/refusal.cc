#include "network/refusal.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

#include "network/envelope.h"
#include "network/packet.h"

namespace sbx::network {

static std::string icmp(char type, char code, std::string_view about) {
    std::string message(8, '\0');
    message[0] = type;
    message[1] = code;
    message += about;
    return message;
}

static std::string refusal_of_v4(std::string_view packet) {
    constexpr std::size_t kHeader = 20;
    constexpr std::size_t kShown = kHeader + 8;  // with the ports, or an echo's id
    std::string message = icmp(ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, packet.substr(0, kShown));
    put_word(message, 2, checksum(message));
    return packet_with({.source = packet.substr(16, 4),
                        .destination = packet.substr(12, 4),
                        .protocol = IPPROTO_ICMP},
                       message);
}

static std::string refusal_of_v6(std::string_view packet) {
    constexpr std::size_t kHeader = 40;
    constexpr std::size_t kShown = 1280 - kHeader - 8;  // RFC 4443: all that fits
    const Between between{.source = packet.substr(24, 16),
                          .destination = packet.substr(8, 16),
                          .protocol = IPPROTO_ICMPV6};
    std::string message =
        icmp(ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_ADMIN, packet.substr(0, kShown));
    put_word(message, 2, checksum(between, message));
    return packet_with(between, message);
}

std::string refusal_of(std::string_view frame) {
    const std::string_view packet = frame.substr(kFrameHeader);
    const bool version_6 = static_cast<std::uint8_t>(packet.front()) >> 4U == 6;
    return header_back(frame) + (version_6 ? refusal_of_v6(packet) : refusal_of_v4(packet));
}

}  // namespace sbx::network
