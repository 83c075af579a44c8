#include "network/neighbours.h"

#include <gtest/gtest.h>

#include "network/checksum.h"
#include "network/packet.h"
#include "support/members.h"

namespace sbx::network {
namespace {

using test::address;
using test::word;

const Place kAsking{
    .v4 = address("10.89.0.2"), .v6 = address("fd00:1::2"), .hardware = "\x02\x42\x0a\x59\x01\x02"};
const std::string kHas = "\x02\x42\x0a\x59\x01\x03";

TEST(Neighbours, AreAskedForByArp) {
    const std::string frame = test::arp_request(kAsking, kAsking.v4, address("10.89.0.3"));
    const std::optional<Inquiry> inquiry = parse_inquiry(frame);
    ASSERT_TRUE(inquiry);
    EXPECT_EQ(inquiry->sender, kAsking.v4);
    EXPECT_EQ(inquiry->hardware, kAsking.hardware);
    EXPECT_EQ(inquiry->wanted.text(), "10.89.0.3");
    EXPECT_EQ(answer_of(frame, kHas), kAsking.hardware + kHas + word(0x0806) + word(1) +
                                          word(0x0800) + "\x06\x04" + word(2) + kHas +
                                          address("10.89.0.3").bytes() + kAsking.hardware +
                                          kAsking.v4.bytes());
}

TEST(Neighbours, AreAskedForByIPv6) {
    const std::string frame = test::solicitation(kAsking, *kAsking.v6, address("fd00:1::3"));
    const std::optional<Inquiry> inquiry = parse_inquiry(frame);
    ASSERT_TRUE(inquiry);
    EXPECT_EQ(inquiry->sender, *kAsking.v6);
    EXPECT_EQ(inquiry->wanted.text(), "fd00:1::3");
    const std::string answer = answer_of(frame, kHas);
    EXPECT_EQ(answer.substr(0, 12), kAsking.hardware + kHas);
    EXPECT_EQ(static_cast<std::uint8_t>(answer[kFrameHeader + 7]), 255) << "RFC 4861, 7.1.2";
    const std::string_view message = std::string_view(answer).substr(kFrameHeader + 40);
    EXPECT_EQ(static_cast<std::uint8_t>(message[0]), 136);
    EXPECT_EQ(message.substr(8, 16), address("fd00:1::3").bytes());
    EXPECT_TRUE(message.ends_with("\2\1" + kHas));
    const std::string source = address("fd00:1::3").bytes();
    const std::string destination = kAsking.v6->bytes();
    EXPECT_EQ(checksum({.source = source, .destination = destination, .protocol = IPPROTO_ICMPV6},
                       message),
              0);
}

TEST(Neighbours, AreNotAskedForByWhatIsElse) {
    EXPECT_FALSE(parse_inquiry(test::arp_request(kAsking, kAsking.v4, kAsking.v4, 2)));
    EXPECT_FALSE(parse_inquiry(bytes_of(test::Frame{})));
    for (const int type : {133, 134, 136, 137})
        EXPECT_FALSE(parse_inquiry(bytes_of(test::Frame{.from = "fd00:1::2",
                                                        .to = "fd00:1::3",
                                                        .protocol = IPPROTO_ICMPV6,
                                                        .icmp = type,
                                                        .payload = std::string(16, '\0')})));
    const std::string frame = test::solicitation(kAsking, *kAsking.v6, address("fd00:1::3"));
    for (std::size_t size = 0; size < frame.size(); ++size)
        EXPECT_FALSE(parse_inquiry(std::string_view(frame).substr(0, size))) << size;
}

TEST(Neighbours, AreFoundByMessagesOfTheirOwn) {
    for (const int type : {132, 133, 134, 135, 136, 137, 138}) {
        const test::Frame frame{
            .from = "fd00:1::2", .to = "fd00:1::3", .protocol = IPPROTO_ICMPV6, .icmp = type};
        EXPECT_EQ(is_discovery(bytes_of(frame)), type >= 133 && type <= 137) << type;
    }
    EXPECT_FALSE(is_discovery(bytes_of(test::Frame{.protocol = IPPROTO_ICMP, .icmp = 135})));
    EXPECT_FALSE(is_discovery(""));
}

}  // namespace
}  // namespace sbx::network
