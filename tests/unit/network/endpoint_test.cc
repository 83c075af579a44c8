#include "network/endpoint.h"

#include <gtest/gtest.h>

namespace sbx::network {
namespace {

std::string text_of(const std::string& address, std::uint16_t port) {
    const std::optional<Endpoint> endpoint = Endpoint::parse(address, port);
    return endpoint ? to_text(*endpoint) : "none";
}

TEST(Endpoint, IsAnAddressOfEitherFamilyWithAPort) {
    EXPECT_EQ(text_of("127.0.0.1", 80), "127.0.0.1:80");
    EXPECT_EQ(text_of("::1", 65535), "[::1]:65535");
    EXPECT_EQ(text_of("2001:DB8:0::1", 1), "[2001:db8::1]:1");
}

TEST(Endpoint, IsNothingElse) {
    for (const char* address : {"", "localhost", "127.1", "256.0.0.1", "[::1]", "::1%lo", " ::1"})
        EXPECT_EQ(text_of(address, 80), "none") << address;
}

TEST(Endpoint, KnowsWhatStandsForItselfAndForAll) {
    EXPECT_TRUE(Endpoint::loopback(AF_INET, 1).is_loopback());
    EXPECT_TRUE(Endpoint::loopback(AF_INET6, 1).is_loopback());
    EXPECT_TRUE(Endpoint::parse("127.9.9.9", 1)->is_loopback());
    EXPECT_FALSE(Endpoint::parse("10.0.0.1", 1)->is_loopback());
    EXPECT_TRUE(Endpoint::parse("0.0.0.0", 1)->is_wildcard());
    EXPECT_TRUE(Endpoint::parse("::", 1)->is_wildcard());
    EXPECT_FALSE(Endpoint::parse("::1", 1)->is_wildcard());
}

TEST(Endpoint, IsToldFromOthers) {
    EXPECT_EQ(Endpoint::parse("127.0.0.1", 5), Endpoint::loopback(AF_INET, 5));
    EXPECT_NE(Endpoint::parse("127.0.0.1", 5), Endpoint::loopback(AF_INET, 6));
    EXPECT_NE(Endpoint::loopback(AF_INET, 5), Endpoint::loopback(AF_INET6, 5));
    EXPECT_EQ(Endpoint::of(in_addr{.s_addr = htonl(INADDR_LOOPBACK)}),
              Endpoint::loopback(AF_INET, 0));
}

}  // namespace
}  // namespace sbx::network
