#include "network/refusal.h"

#include <net/ethernet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

#include "network/packet.h"

namespace sbx::network {

static void put_word(std::string& bytes, std::size_t at, std::size_t word) {
    bytes[at] = static_cast<char>(word >> 8U & 0xffU);
    bytes[at + 1] = static_cast<char>(word & 0xffU);
}

// RFC 1071; of bytes in pairs, an odd one at the end is followed by 0.
static std::uint16_t checksum(std::string_view bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(bytes[i]);
        sum += i % 2 == 0 ? std::uint32_t{byte} << 8U : byte;
    }
    while (sum > 0xffff)
        sum = (sum & 0xffffU) + (sum >> 16U);
    return static_cast<std::uint16_t>(~sum);
}

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

    std::string header(kHeader, '\0');
    header[0] = 0x45;
    put_word(header, 2, kHeader + message.size());
    header[8] = IPDEFTTL;
    header[9] = IPPROTO_ICMP;
    header.replace(12, 4, packet.substr(16, 4));
    header.replace(16, 4, packet.substr(12, 4));
    put_word(header, 10, checksum(header));
    return header + message;
}

static std::string refusal_of_v6(std::string_view packet) {
    constexpr std::size_t kHeader = 40;
    constexpr std::size_t kShown = 1280 - kHeader - 8;  // RFC 4443: all that fits
    std::string message =
        icmp(ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_ADMIN, packet.substr(0, kShown));
    const std::string addresses =
        std::string(packet.substr(24, 16)) + std::string(packet.substr(8, 16));

    // RFC 8200, section 8.1: over the addresses, the size and the protocol as well.
    std::string pseudo = addresses + std::string(8, '\0');
    put_word(pseudo, 34, message.size());
    pseudo[39] = IPPROTO_ICMPV6;
    put_word(message, 2, checksum(pseudo + message));

    std::string header(8, '\0');
    header[0] = 0x60;
    put_word(header, 4, message.size());
    header[6] = IPPROTO_ICMPV6;
    header[7] = static_cast<char>(255);
    return header + addresses + message;
}

std::string refusal_of(std::string_view frame) {
    constexpr std::size_t kHardware = ETHER_ADDR_LEN;
    std::string header(frame.substr(kHardware, kHardware));
    header += frame.substr(0, kHardware);
    header += frame.substr(2 * kHardware, 2);
    const std::string_view packet = frame.substr(kFrameHeader);
    const bool version_6 = static_cast<std::uint8_t>(packet.front()) >> 4U == 6;
    return header + (version_6 ? refusal_of_v6(packet) : refusal_of_v4(packet));
}

}  // namespace sbx::network
