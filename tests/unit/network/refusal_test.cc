#include "network/refusal.h"

#include <gtest/gtest.h>

#include "support/frames.h"

namespace sbx::network {
namespace {

using test::Frame;

std::uint32_t sum(std::string_view bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        sum += static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i])) << (i % 2 ? 0U : 8U);
    while (sum > 0xffff)
        sum = (sum & 0xffffU) + (sum >> 16U);
    return sum;
}

TEST(Refusal, GoesBackToWhereThePacketCameFrom) {
    const std::string asked = bytes_of(Frame{.to = "127.0.0.1"});
    const std::string frame = refusal_of(asked);
    EXPECT_EQ(frame.substr(0, 6), asked.substr(6, 6));
    EXPECT_EQ(frame.substr(6, 6), asked.substr(0, 6));
    const std::string packet = frame.substr(14);
    EXPECT_EQ(Address::of_bytes(packet.substr(12, 4)).text(), "127.0.0.1");
    EXPECT_EQ(Address::of_bytes(packet.substr(16, 4)).text(), "10.0.2.100");
    EXPECT_EQ(packet.substr(20, 2), "\x03\x0d") << "administratively prohibited";
    EXPECT_EQ(packet.substr(28), asked.substr(14, 28)) << "what it is about";
    EXPECT_EQ(sum(packet.substr(0, 20)), 0xffffU);
    EXPECT_EQ(sum(packet.substr(20)), 0xffffU);
}

TEST(Refusal, OfIPv6HoldsWhatFits) {
    const std::string asked =
        bytes_of(Frame{.from = "fd00::100", .to = "::1", .payload = std::string(60001, 'x')});
    const std::string packet = refusal_of(asked).substr(14);
    EXPECT_EQ(packet.size(), 1280U);
    EXPECT_EQ(Address::of_bytes(packet.substr(24, 16)).text(), "fd00::100");
    EXPECT_EQ(packet.substr(40, 2), "\x01\x01");
    const std::string pseudo = packet.substr(8, 32) + std::string(2, '\0') +
                               test::word(packet.size() - 40) + std::string(3, '\0') + "\x3a";
    EXPECT_EQ(sum(pseudo + packet.substr(40)), 0xffffU);
}

}  // namespace
}  // namespace sbx::network
