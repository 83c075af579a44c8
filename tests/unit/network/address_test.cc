#include "network/address.h"

#include <gtest/gtest.h>

namespace sbx::network {
namespace {

TEST(Address, IsItsText) {
    for (const char* text : {"10.0.2.3", "fd00::3", "::", "255.255.255.255"})
        EXPECT_EQ(Address::parse(text)->text(), text);
    for (const char* text : {"", "10.0.2", "10.0.2.256", "fd00::3%1", "x"})
        EXPECT_FALSE(Address::parse(text)) << text;
}

TEST(Address, IsItsBytesAndItsNumber) {
    EXPECT_EQ(Address::parse("10.0.2.3")->number(), 0x0a000203U);
    EXPECT_EQ(Address::of_number(0x0a000203).bytes(), std::string("\x0a\0\x02\x03", 4));
    EXPECT_EQ(Address::of_bytes(Address::parse("fd00::3")->bytes()).text(), "fd00::3");
}

TEST(Address, IsInNetworksOfItsFamily) {
    const auto in = [](const char* address, const char* network, unsigned bits) {
        return Address::parse(address)->is_in(*Address::parse(network), bits);
    };
    EXPECT_TRUE(in("10.0.2.3", "10.0.2.0", 24));
    EXPECT_FALSE(in("10.0.3.3", "10.0.2.0", 24));
    EXPECT_TRUE(in("10.0.3.3", "10.0.2.0", 23));
    EXPECT_TRUE(in("1.2.3.4", "9.9.9.9", 0));
    EXPECT_TRUE(in("10.0.2.3", "10.0.2.3", 32));
    EXPECT_FALSE(in("::", "0.0.0.0", 0));
    EXPECT_TRUE(in("febf::1", "fe80::", 10));
    EXPECT_FALSE(in("fec0::1", "fe80::", 10));
}

TEST(Address, OfIPv6MayHoldOneOfIPv4) {
    EXPECT_EQ(Address::parse("64:ff9b::7f00:1")->embedded(12).text(), "127.0.0.1");
}

}  // namespace
}  // namespace sbx::network
