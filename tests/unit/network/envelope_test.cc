#include "network/envelope.h"

#include <gtest/gtest.h>

#include "network/packet.h"
#include "support/frames.h"

namespace sbx::network {
namespace {

using test::Frame;

std::string answer_to(const Frame& frame, std::string_view message) {
    const auto from = *Address::parse(frame.from);
    const auto to = *Address::parse(frame.to);
    const std::string source = to.bytes();
    const std::string destination = from.bytes();
    return header_back(bytes_of(frame)) +
           packet_with({.source = source, .destination = destination, .protocol = IPPROTO_UDP},
                       message);
}

// A datagram from port 53 to port 4000.
const std::string kDatagram =
    test::word(53) + test::word(4000) + test::word(9) + test::word(0) + "x";

TEST(Envelope, TakesAMessageBackToWhoHasSent) {
    for (const Frame& frame : {Frame{.from = "10.89.0.2", .to = "10.89.0.254"},
                               Frame{.from = "fd00:1::2", .to = "fd00:1::fe"}}) {
        const std::string answer = answer_to(frame, kDatagram);
        const std::string asked = bytes_of(frame);
        EXPECT_EQ(answer.substr(0, 6), asked.substr(6, 6));
        EXPECT_EQ(answer.substr(6, 6), asked.substr(0, 6));
        const std::optional<Packet> packet = parse_frame(answer);
        ASSERT_TRUE(packet) << frame.from;
        EXPECT_EQ(packet->kind, Packet::Kind::udp);
        EXPECT_EQ(packet->source.text(), frame.to);
        EXPECT_EQ(packet->destination.text(), frame.from);
        EXPECT_EQ(packet->port, 4000);
    }
}

TEST(Envelope, OfIPv4HasItsChecksum) {
    const std::string answer = answer_to({.from = "10.89.0.2", .to = "10.89.0.254"}, kDatagram);
    EXPECT_EQ(checksum(std::string_view(answer).substr(kFrameHeader, 20)), 0);
}

}  // namespace
}  // namespace sbx::network
