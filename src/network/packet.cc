#include "network/packet.h"

#include <net/ethernet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

namespace sbx::network {

namespace {

// Numbers in the order of the network, within bounds that the caller has checked.
std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}
std::uint16_t word_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(byte_at(bytes, at) << 8 | byte_at(bytes, at + 1));
}

}  // namespace

// RFC 826, of Ethernet and IPv4.
static std::optional<Packet> parse_arp(std::string_view bytes) {
    constexpr std::size_t kSize = 28;
    const bool usual = bytes.size() >= kSize && word_at(bytes, 0) == 1 &&
                       word_at(bytes, 2) == ETHERTYPE_IP && byte_at(bytes, 4) == ETHER_ADDR_LEN &&
                       byte_at(bytes, 5) == 4;
    if (!usual) return std::nullopt;
    return Packet{.kind = Packet::Kind::arp,
                  .source = Address::of_bytes(bytes.substr(14, 4)),
                  .destination = Address::of_bytes(bytes.substr(24, 4))};
}

// RFC 9293, section 3.1.
static std::optional<Packet> parse_tcp(std::string_view bytes, Packet packet) {
    constexpr std::size_t kLeast = 20;
    if (bytes.size() < kLeast) return std::nullopt;
    const std::size_t header = std::size_t{4} * (byte_at(bytes, 12) >> 4U);
    if (header < kLeast || header > bytes.size()) return std::nullopt;
    packet.kind = Packet::Kind::tcp;
    packet.port = word_at(bytes, 2);
    return packet;
}

// RFC 768.
static std::optional<Packet> parse_udp(std::string_view bytes, Packet packet) {
    constexpr std::size_t kHeader = 8;
    if (bytes.size() < kHeader || word_at(bytes, 4) < kHeader || word_at(bytes, 4) > bytes.size())
        return std::nullopt;
    packet.kind = Packet::Kind::udp;
    packet.port = word_at(bytes, 2);
    return packet;
}

static std::optional<Packet> parse_icmp(std::string_view bytes, Packet packet) {
    constexpr std::size_t kHeader = 8;
    if (bytes.size() < kHeader || byte_at(bytes, 0) != ICMP_ECHO) return std::nullopt;
    packet.kind = Packet::Kind::echo;
    return packet;
}

static std::optional<Packet> parse_icmp6(std::string_view bytes, Packet packet) {
    constexpr std::size_t kHeader = 8;
    if (bytes.size() < kHeader) return std::nullopt;
    switch (byte_at(bytes, 0)) {
        case ICMP6_ECHO_REQUEST: packet.kind = Packet::Kind::echo; return packet;
        case ND_ROUTER_SOLICIT:
        case ND_NEIGHBOR_SOLICIT:
        case ND_NEIGHBOR_ADVERT: packet.kind = Packet::Kind::neighbour; return packet;
        default: return std::nullopt;
    }
}

// RFC 791, section 3.1.
static std::optional<Packet> parse_v4(std::string_view bytes) {
    constexpr std::size_t kHeader = 20;
    constexpr unsigned kVersionAndSize = 0x45;  // without options
    constexpr unsigned kMoreOrOffset = 0x3fff;
    if (bytes.size() < kHeader || byte_at(bytes, 0) != kVersionAndSize) return std::nullopt;
    const std::size_t size = word_at(bytes, 2);
    if (size < kHeader || size > bytes.size()) return std::nullopt;
    if ((word_at(bytes, 6) & kMoreOrOffset) != 0) return std::nullopt;
    const Packet packet{.source = Address::of_bytes(bytes.substr(12, 4)),
                        .destination = Address::of_bytes(bytes.substr(16, 4))};
    const std::string_view rest = bytes.substr(kHeader, size - kHeader);
    switch (byte_at(bytes, 9)) {
        case IPPROTO_TCP: return parse_tcp(rest, packet);
        case IPPROTO_UDP: return parse_udp(rest, packet);
        case IPPROTO_ICMP: return parse_icmp(rest, packet);
        default: return std::nullopt;
    }
}

// RFC 8200, section 3. A fragment has a header of its own between, and so is none of these.
static std::optional<Packet> parse_v6(std::string_view bytes) {
    constexpr std::size_t kHeader = 40;
    if (bytes.size() < kHeader || byte_at(bytes, 0) >> 4U != 6) return std::nullopt;
    const std::size_t size = word_at(bytes, 4);
    if (size > bytes.size() - kHeader) return std::nullopt;
    const Packet packet{.source = Address::of_bytes(bytes.substr(8, 16)),
                        .destination = Address::of_bytes(bytes.substr(24, 16))};
    const std::string_view rest = bytes.substr(kHeader, size);
    switch (byte_at(bytes, 6)) {
        case IPPROTO_TCP: return parse_tcp(rest, packet);
        case IPPROTO_UDP: return parse_udp(rest, packet);
        case IPPROTO_ICMPV6: return parse_icmp6(rest, packet);
        default: return std::nullopt;
    }
}

std::optional<Packet> parse_frame(std::string_view frame) {
    if (frame.size() < kFrameHeader) return std::nullopt;
    const std::string_view rest = frame.substr(kFrameHeader);
    switch (word_at(frame, 12)) {
        case ETHERTYPE_ARP: return parse_arp(rest);
        case ETHERTYPE_IP: return parse_v4(rest);
        case ETHERTYPE_IPV6: return parse_v6(rest);
        default: return std::nullopt;
    }
}

std::string_view without_padding(std::string_view frame) {
    constexpr std::size_t kHeader6 = 40;
    const std::string_view packet = frame.substr(kFrameHeader);
    switch (word_at(frame, 12)) {
        case ETHERTYPE_IP: return frame.substr(0, kFrameHeader + word_at(packet, 2));
        case ETHERTYPE_IPV6: return frame.substr(0, kFrameHeader + kHeader6 + word_at(packet, 4));
        default: return frame;
    }
}

static std::optional<Ends> parse_ends_v4(std::string_view bytes) {
    constexpr std::size_t kHeader = 20;
    if (bytes.size() < kHeader || byte_at(bytes, 0) >> 4U != 4) return std::nullopt;
    const std::size_t header = std::size_t{4} * (byte_at(bytes, 0) & 0xfU);
    const std::size_t size = word_at(bytes, 2);
    if (header < kHeader || size < header || size > bytes.size()) return std::nullopt;
    return Ends{.source = Address::of_bytes(bytes.substr(12, 4)),
                .destination = Address::of_bytes(bytes.substr(16, 4))};
}

static std::optional<Ends> parse_ends_v6(std::string_view bytes) {
    constexpr std::size_t kHeader = 40;
    if (bytes.size() < kHeader || byte_at(bytes, 0) >> 4U != 6) return std::nullopt;
    if (word_at(bytes, 4) > bytes.size() - kHeader) return std::nullopt;
    switch (byte_at(bytes, 6)) {
        case IPPROTO_TCP:
        case IPPROTO_UDP:
        case IPPROTO_ICMPV6: break;
        default: return std::nullopt;
    }
    return Ends{.source = Address::of_bytes(bytes.substr(8, 16)),
                .destination = Address::of_bytes(bytes.substr(24, 16))};
}

std::optional<Ends> parse_ends(std::string_view frame) {
    if (frame.size() < kFrameHeader) return std::nullopt;
    const std::string_view rest = frame.substr(kFrameHeader);
    switch (word_at(frame, 12)) {
        case ETHERTYPE_IP: return parse_ends_v4(rest);
        case ETHERTYPE_IPV6: return parse_ends_v6(rest);
        default: return std::nullopt;
    }
}

}  // namespace sbx::network
