#include "network/neighbours.h"

#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>

#include "network/envelope.h"
#include "network/packet.h"

namespace sbx::network {

namespace {

constexpr std::size_t kHardware = ETHER_ADDR_LEN;
constexpr std::size_t kHeaderV6 = 40;
constexpr std::size_t kArp = 28;           // bytes of a message
constexpr std::size_t kSolicitation = 24;  // without options

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}
std::uint16_t word_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(byte_at(bytes, at) << 8 | byte_at(bytes, at + 1));
}

bool is_arp(std::string_view frame) {
    return frame.size() >= kFrameHeader && word_at(frame, 12) == ETHERTYPE_ARP;
}

}  // namespace

// parse_frame() has looked at all but the operation.
static Inquiry arp_inquiry(std::string_view message) {
    return {.sender = Address::of_bytes(message.substr(14, 4)),
            .hardware = std::string(message.substr(8, kHardware)),
            .wanted = Address::of_bytes(message.substr(24, 4))};
}

static std::optional<Inquiry> solicitation(std::string_view frame, const Packet& packet) {
    const std::string_view message = frame.substr(kFrameHeader + kHeaderV6);
    const bool is_one =
        message.size() >= kSolicitation && byte_at(message, 0) == ND_NEIGHBOR_SOLICIT;
    if (!is_one) return std::nullopt;
    return Inquiry{.sender = packet.source,
                   .hardware = std::string(frame.substr(kHardware, kHardware)),
                   .wanted = Address::of_bytes(message.substr(8, 16))};
}

std::optional<Inquiry> parse_inquiry(std::string_view frame) {
    const std::optional<Packet> packet = parse_frame(frame);
    if (!packet) return std::nullopt;
    if (packet->kind == Packet::Kind::neighbour) return solicitation(frame, *packet);
    if (packet->kind != Packet::Kind::arp) return std::nullopt;
    const std::string_view message = frame.substr(kFrameHeader);
    if (word_at(message, 6) != ARPOP_REQUEST) return std::nullopt;
    return arp_inquiry(message);
}

static std::string arp_answer(std::string_view frame, std::string_view hardware) {
    const std::string_view asked = frame.substr(kFrameHeader, kArp);
    std::string message(asked.substr(0, 6));
    message += std::string("\0\2", 2);
    message += hardware;
    message += asked.substr(24, 4);
    return message.append(asked.substr(8, 10));
}

static std::string advertisement(std::string_view frame, std::string_view hardware) {
    constexpr char kSolicitedAndOverrides = '\x60';
    const std::string_view packet = frame.substr(kFrameHeader);
    const std::string_view wanted = packet.substr(kHeaderV6 + 8, 16);
    std::string message(8, '\0');
    message[0] = static_cast<char>(ND_NEIGHBOR_ADVERT);
    message[4] = kSolicitedAndOverrides;
    message += wanted;
    message += static_cast<char>(ND_OPT_TARGET_LINKADDR);
    message += '\1';  // eight bytes
    message += hardware;
    const Between between{
        .source = wanted, .destination = packet.substr(8, 16), .protocol = IPPROTO_ICMPV6};
    put_word(message, 2, checksum(between, message));
    return packet_with(between, message);
}

std::string answer_of(std::string_view frame, std::string_view hardware) {
    std::string answer = header_back(frame);
    answer.replace(kHardware, kHardware, hardware);  // it went to nobody by name
    return answer + (is_arp(frame) ? arp_answer(frame, hardware) : advertisement(frame, hardware));
}

bool is_discovery(std::string_view frame) {
    if (frame.size() <= kFrameHeader + kHeaderV6 || word_at(frame, 12) != ETHERTYPE_IPV6)
        return false;
    if (byte_at(frame, kFrameHeader + 6) != IPPROTO_ICMPV6) return false;
    const std::uint8_t type = byte_at(frame, kFrameHeader + kHeaderV6);
    return type >= ND_ROUTER_SOLICIT && type <= ND_REDIRECT;
}

}  // namespace sbx::network
