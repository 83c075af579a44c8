#include "network/checksum.h"

#include <gtest/gtest.h>

namespace sbx::network {
namespace {

// The example of RFC 1071, section 3.
TEST(Checksum, IsThatOfTheDocument) {
    EXPECT_EQ(checksum(std::string("\x00\x01\xf2\x03\xf4\xf5\xf6\xf7", 8)),
              static_cast<std::uint16_t>(~0xddf2));
    EXPECT_EQ(checksum(""), 0xffff);
    EXPECT_EQ(checksum("\x01"), static_cast<std::uint16_t>(~0x0100)) << "an odd byte is the higher";
}

TEST(Checksum, OfAMessageIsOverWhoItIsBetween) {
    const Between between{
        .source = "\x0a\x59\x01\x02", .destination = "\x0a\x59\x01\x03", .protocol = 17};
    std::string message = "\x01\x02\x03\x04\x05\x06\x01\x01";
    put_word(message, 6, 0);
    const std::uint16_t sum = checksum(between, message);
    put_word(message, 6, sum);
    EXPECT_EQ(checksum(between, message), 0) << "with it in its place all of it sums up to nothing";
    EXPECT_NE(
        checksum({.source = "\x0a\x59\x01\x02", .destination = "\x0a\x59\x01\x04", .protocol = 17},
                 message),
        0);
}

TEST(Checksum, PutsNumbersInTheOrderOfTheNetwork) {
    std::string bytes(4, '\0');
    put_word(bytes, 1, 0x1234);
    EXPECT_EQ(bytes, std::string("\0\x12\x34\0", 4));
}

}  // namespace
}  // namespace sbx::network
