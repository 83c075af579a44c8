#include "network/packet.h"

#include <gtest/gtest.h>

#include "support/frames.h"

namespace sbx::network {
namespace {

using Kind = Packet::Kind;
using test::bytes_of;
using test::Frame;

TEST(Packet, IsReadFromAFrame) {
    const auto tcp = parse_frame(bytes_of(Frame{.port = 443}));
    ASSERT_TRUE(tcp);
    EXPECT_EQ(tcp->kind, Kind::tcp);
    EXPECT_EQ(tcp->source.text(), "10.0.2.100");
    EXPECT_EQ(tcp->destination.text(), "1.1.1.1");
    EXPECT_EQ(tcp->port, 443);
    const auto udp = parse_frame(
        bytes_of(Frame{.from = "fd00::100", .to = "2606::1", .protocol = IPPROTO_UDP, .port = 53}));
    ASSERT_TRUE(udp);
    EXPECT_EQ(udp->kind, Kind::udp);
    EXPECT_EQ(udp->destination.text(), "2606::1");
    EXPECT_EQ(udp->port, 53);
    EXPECT_EQ(parse_frame(bytes_of(Frame{.protocol = IPPROTO_ICMP}))->kind, Kind::echo);
    const auto icmp6 = [](int type) {
        return parse_frame(bytes_of(
            Frame{.from = "fd00::100", .to = "fd00::2", .protocol = IPPROTO_ICMPV6, .icmp = type}));
    };
    EXPECT_EQ(icmp6(128)->kind, Kind::echo);
    for (const int type : {133, 135, 136})
        EXPECT_EQ(icmp6(type)->kind, Kind::neighbour) << type;
    for (const int type : {1, 129, 134, 137, 143})
        EXPECT_FALSE(icmp6(type)) << type;
}

TEST(Packet, IsBetweenTwoEndsWhateverIsInIt) {
    for (const int protocol : {6, 17, 1, 132}) {
        const auto ends = parse_ends(bytes_of(Frame{.protocol = protocol, .fragment = 0x2000}));
        ASSERT_TRUE(ends) << protocol;
        EXPECT_EQ(ends->source.text(), "10.0.2.100");
        EXPECT_EQ(ends->destination.text(), "1.1.1.1");
    }
    const Frame v6{.from = "fd00::100", .to = "fd00::2", .protocol = IPPROTO_ICMPV6, .icmp = 129};
    EXPECT_EQ(parse_ends(bytes_of(v6))->destination.text(), "fd00::2");
    EXPECT_FALSE(parse_ends(bytes_of(Frame{.from = "fd00::100", .to = "fd00::2", .protocol = 44})));
    const std::string whole = bytes_of(v6);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(parse_ends(std::string_view(whole).substr(0, size))) << size;
    const std::string v4 = bytes_of(Frame{});
    for (std::size_t size = 0; size < v4.size(); ++size)
        EXPECT_FALSE(parse_ends(std::string_view(v4).substr(0, size))) << size;
}

TEST(Packet, CutShortIsNone) {
    for (const Frame& frame :
         {Frame{}, Frame{.protocol = IPPROTO_UDP}, Frame{.protocol = IPPROTO_ICMP},
          Frame{.from = "fd00::100", .to = "2606::1"},
          Frame{.from = "fd00::100", .to = "2606::1", .protocol = IPPROTO_UDP},
          Frame{.from = "fd00::100", .to = "2606::1", .protocol = IPPROTO_ICMPV6}}) {
        const std::string bytes = bytes_of(frame);
        ASSERT_TRUE(parse_frame(bytes));
        EXPECT_TRUE(parse_frame(bytes + "padding"));
        for (std::size_t size = 0; size < bytes.size(); ++size)
            EXPECT_FALSE(parse_frame(std::string_view(bytes).substr(0, size))) << size;
    }
}

TEST(Packet, InFragmentsIsNone) {
    for (const unsigned fragment : {0x2000U, 0x0001U, 0x1fffU, 0x2001U})
        EXPECT_FALSE(parse_frame(bytes_of(Frame{.fragment = fragment}))) << fragment;
    EXPECT_TRUE(parse_frame(bytes_of(Frame{.fragment = 0x4000}))) << "it may not be fragmented";
    constexpr int kFragmentHeader = 44;
    EXPECT_FALSE(parse_frame(
        bytes_of(Frame{.from = "fd00::100", .to = "2606::1", .protocol = kFragmentHeader})));
}

TEST(Packet, OfAnythingElseIsNone) {
    std::string bytes = bytes_of({});
    bytes[14] = 0x46;  // with options
    EXPECT_FALSE(parse_frame(bytes));
    bytes = bytes_of({});
    bytes[14 + 20 + 12] = 0x40;  // a header of TCP that is too small
    EXPECT_FALSE(parse_frame(bytes));
    bytes[14 + 20 + 12] = '\xf0';  // and one that is larger than all of it
    EXPECT_FALSE(parse_frame(bytes));
    EXPECT_FALSE(parse_frame(bytes_of(Frame{.protocol = IPPROTO_SCTP})));
    EXPECT_FALSE(parse_frame(bytes_of(Frame{.protocol = IPPROTO_ICMP, .icmp = 5})));
    for (const unsigned type : {0x88f8U, 0x8100U, 0x0000U, 0x88ccU})
        EXPECT_FALSE(parse_frame(test::ethernet(type) + std::string(100, '\0'))) << type;
}

}  // namespace
}  // namespace sbx::network
