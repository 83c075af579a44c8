#include "network/transport.h"

#include <net/ethernet.h>
#include <netinet/in.h>

#include "network/envelope.h"
#include "network/packet.h"

namespace sbx::network {

namespace {

std::size_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::size_t value = 0;
    for (const char byte : bytes.substr(at, size))
        value = value << 8U | static_cast<std::uint8_t>(byte);
    return value;
}

// What is behind the header of IP, whose sizes packet.h has looked at: without padding.
std::string_view message_in(std::string_view frame, bool v6) {
    constexpr std::size_t kHeader4 = 20;
    constexpr std::size_t kHeader6 = 40;
    const std::string_view packet = frame.substr(kFrameHeader);
    return v6 ? packet.substr(kHeader6, number_at(packet, 4, 2))
              : packet.substr(kHeader4, number_at(packet, 2, 2) - kHeader4);
}

Course course_of(const Packet& packet, std::string_view message) {
    return {.source = packet.source,
            .destination = packet.destination,
            .source_port = static_cast<std::uint16_t>(number_at(message, 0, 2)),
            .port = packet.port};
}

constexpr unsigned kFin = 1;
constexpr unsigned kSyn = 2;
constexpr unsigned kRst = 4;
constexpr unsigned kAck = 16;
constexpr unsigned kUrg = 32;

}  // namespace

std::uint32_t TcpSegment::next() const {
    return number + static_cast<std::uint32_t>(bytes.size()) + (begins ? 1U : 0U) +
           (ends ? 1U : 0U);
}

std::optional<TcpSegment> parse_segment(std::string_view frame) {
    const std::optional<Packet> packet = parse_frame(frame);
    if (!packet || packet->kind != Packet::Kind::tcp) return std::nullopt;
    const std::string_view message = message_in(frame, packet->source.is_v6());
    const std::size_t header = 4 * (number_at(message, 12, 1) >> 4U);
    const std::size_t flags = number_at(message, 13, 1);
    return TcpSegment{.course = course_of(*packet, message),
                      .number = static_cast<std::uint32_t>(number_at(message, 4, 4)),
                      .expected = static_cast<std::uint32_t>(number_at(message, 8, 4)),
                      .begins = (flags & kSyn) != 0,
                      .acknowledges = (flags & kAck) != 0,
                      .is_urgent = (flags & kUrg) != 0,
                      .ends = (flags & kFin) != 0,
                      .breaks_off = (flags & kRst) != 0,
                      .bytes = message.substr(header)};
}

std::optional<UdpDatagram> parse_datagram(std::string_view frame) {
    constexpr std::size_t kHeader = 8;
    const std::optional<Packet> packet = parse_frame(frame);
    if (!packet || packet->kind != Packet::Kind::udp) return std::nullopt;
    const std::string_view message = message_in(frame, packet->source.is_v6());
    return UdpDatagram{.course = course_of(*packet, message),
                       .bytes = message.substr(kHeader, number_at(message, 4, 2) - kHeader)};
}

bool is_sound(std::string_view frame) {
    constexpr std::size_t kHeader4 = 20;
    const std::optional<Packet> packet = parse_frame(frame);
    if (!packet || packet->kind != Packet::Kind::tcp) return false;
    const bool v6 = packet->source.is_v6();
    if (!v6 && checksum(frame.substr(kFrameHeader, kHeader4)) != 0) return false;
    const std::string source = packet->source.bytes();
    const std::string destination = packet->destination.bytes();
    const Between between{.source = source, .destination = destination, .protocol = IPPROTO_TCP};
    return checksum(between, message_in(frame, v6)) == 0;
}

// RFC 9293, section 3.1; without options.
static std::string bare_segment(const Course& course, std::uint32_t number, std::uint32_t expected,
                                unsigned flags) {
    constexpr std::size_t kWindow = 0x8000;
    constexpr std::size_t kSize = 20;
    std::string message(kSize, '\0');
    put_word(message, 0, course.source_port);
    put_word(message, 2, course.port);
    put_word(message, 4, number >> 16U);
    put_word(message, 6, number & 0xffffU);
    put_word(message, 8, expected >> 16U);
    put_word(message, 10, expected & 0xffffU);
    message[12] = kSize / 4 << 4;
    message[13] = static_cast<char>(flags);
    put_word(message, 14, kWindow);
    const std::string source = course.source.bytes();
    const std::string destination = course.destination.bytes();
    const Between between{.source = source, .destination = destination, .protocol = IPPROTO_TCP};
    put_word(message, 16, checksum(between, message));
    return packet_with(between, message);
}

Course back(const Course& course) {
    return {.source = course.destination,
            .destination = course.source,
            .source_port = course.port,
            .port = course.source_port};
}

std::string acknowledgement(std::string_view frame, const TcpSegment& segment,
                            std::uint32_t number) {
    return header_back(frame) + bare_segment(back(segment.course), segment.expected, number, kAck);
}

std::string reset_for_sender(std::string_view frame, const TcpSegment& segment) {
    return header_back(frame) +
           bare_segment(back(segment.course), segment.expected, segment.next(), kRst | kAck);
}

std::string reset_for_receiver(std::string_view frame, const TcpSegment& segment,
                               std::uint32_t number) {
    return std::string(frame.substr(0, kFrameHeader)) +
           bare_segment(segment.course, number, segment.expected, kRst | kAck);
}

std::string answer_datagram(std::string_view frame, const UdpDatagram& asked,
                            std::string_view message) {
    std::string datagram(8, '\0');
    put_word(datagram, 0, asked.course.port);
    put_word(datagram, 2, asked.course.source_port);
    put_word(datagram, 4, datagram.size() + message.size());
    datagram += message;
    const std::string source = asked.course.destination.bytes();
    const std::string destination = asked.course.source.bytes();
    const Between between{.source = source, .destination = destination, .protocol = IPPROTO_UDP};
    const std::uint16_t sum = checksum(between, datagram);
    put_word(datagram, 6, sum == 0 ? 0xffff : sum);  // RFC 768: 0 is none
    return header_back(frame) + packet_with(between, datagram);
}

}  // namespace sbx::network
