#include "network/transport.h"

#include <gtest/gtest.h>

#include "network/packet.h"
#include "support/speech.h"

namespace sbx::network {
namespace {

using test::Frame;
using test::kAck;
using test::kSyn;
using test::segment;

constexpr const char* kEnds[][2] = {{"10.0.2.100", "1.1.1.1"}, {"fd00::100", "2606::1"}};

TEST(Transport, TakesSegmentsApart) {
    for (const auto& [from, to] : kEnds) {
        const std::string frame =
            segment({.from = from, .to = to, .port = 443, .payload = "hello"}, 0xfffffffe, kAck) +
            "padding";
        const std::optional<TcpSegment> taken = parse_segment(frame);
        ASSERT_TRUE(taken);
        EXPECT_EQ(taken->course, (Course{.source = Address::known(from),
                                         .destination = Address::known(to),
                                         .source_port = 4000,
                                         .port = 443}));
        EXPECT_EQ(taken->bytes, "hello");
        EXPECT_EQ(taken->number, 0xfffffffe);
        EXPECT_EQ(taken->expected, 77U);
        EXPECT_EQ(taken->next(), 3U);
        EXPECT_FALSE(taken->begins || taken->ends || taken->breaks_off);
        EXPECT_FALSE(parse_datagram(frame));
    }
    EXPECT_TRUE(parse_segment(segment({}, 1, kSyn))->begins);
    EXPECT_EQ(parse_segment(segment({}, 1, kSyn))->next(), 2U);
}

TEST(Transport, BreaksConnectionsOffToBothSides) {
    for (const auto& [from, to] : kEnds) {
        const std::string frame = segment({.from = from, .to = to, .payload = "abc"}, 10, kAck);
        const std::optional<TcpSegment> sent = parse_segment(frame);
        const std::string back = reset_for_sender(frame, *sent);
        const std::optional<TcpSegment> to_sender = parse_segment(back);
        ASSERT_TRUE(to_sender);
        EXPECT_TRUE(to_sender->breaks_off);
        EXPECT_EQ(to_sender->course.destination, Address::known(from));
        EXPECT_EQ(to_sender->course.port, 4000);
        EXPECT_EQ(to_sender->number, 77U);
        EXPECT_EQ(to_sender->expected, 13U);
        EXPECT_EQ(back.substr(0, 6), frame.substr(6, 6));
        const std::optional<TcpSegment> on = parse_segment(reset_for_receiver(frame, *sent, 10));
        ASSERT_TRUE(on);
        EXPECT_TRUE(on->breaks_off);
        EXPECT_EQ(on->course, sent->course);
        EXPECT_EQ(on->number, 10U);
    }
}

TEST(Transport, AnswersDatagrams) {
    for (const auto& [from, to] : kEnds) {
        const std::string frame = test::bytes_of(
            {.from = from, .to = to, .protocol = IPPROTO_UDP, .port = 53, .payload = "asked"});
        const std::optional<UdpDatagram> asked = parse_datagram(frame);
        ASSERT_TRUE(asked);
        EXPECT_EQ(asked->bytes, "asked");
        const std::string back = answer_datagram(frame, *asked, "answered");
        const std::optional<UdpDatagram> answer = parse_datagram(back);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->bytes, "answered");
        EXPECT_EQ(answer->course, (Course{.source = Address::known(to),
                                          .destination = Address::known(from),
                                          .source_port = 53,
                                          .port = 4000}));
    }
}

TEST(Transport, IsNotInOtherFrames) {
    for (const Frame& frame : {Frame{.protocol = IPPROTO_ICMP}, Frame{.fragment = 0x2000}})
        EXPECT_FALSE(parse_segment(bytes_of(frame)) || parse_datagram(bytes_of(frame)));
    EXPECT_FALSE(parse_segment(""));
    EXPECT_FALSE(parse_datagram(""));
}

}  // namespace
}  // namespace sbx::network
