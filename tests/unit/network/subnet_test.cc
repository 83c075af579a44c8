#include "network/subnet.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::network {
namespace {

using test::fails_saying;

Subnet subnet(const char* text) { return Subnet::parse(text).value(); }

TEST(Subnet, IsItsText) {
    for (const char* text : {"10.89.0.0/24", "10.0.0.0/8", "1.2.3.4/32", "fd00:1::/64"})
        EXPECT_EQ(subnet(text).text(), text);
    EXPECT_EQ(subnet("10.89.3.7/20").text(), "10.89.0.0/20") << "without the host's part";
    EXPECT_EQ(subnet("fd00:1::7/64").text(), "fd00:1::/64");
}

TEST(Subnet, ThatIsNoneIsRefused) {
    for (const char* text : {"", "10.89.0.0", "10.89.0.0/", "10.89.0.0/33", "10.89.0.0/-1",
                             "10.89.0/24", "fd00::/129", "x/24", "10.89.0.0/0", "/24"})
        EXPECT_FALSE(Subnet::parse(text)) << text;
    EXPECT_TRUE(fails_saying(Subnet::parse("10.89.0.0\x1b"), "a network belongs there"));
}

TEST(Subnet, NumbersItsAddresses) {
    const Subnet v4 = subnet("10.89.4.0/22");
    EXPECT_EQ(v4.at(258).text(), "10.89.5.2");
    EXPECT_EQ(v4.number_of(*Address::parse("10.89.5.2")), 258U);
    EXPECT_EQ(v4.last(), 1023U);
    const Subnet v6 = subnet("fd00:1::/64");
    EXPECT_EQ(v6.at(254).text(), "fd00:1::fe");
    EXPECT_EQ(v6.number_of(*Address::parse("fd00:1::fe")), 254U);
    EXPECT_EQ(v6.last(), 0xffffffffU);
}

TEST(Subnet, OverlapsWhatSharesAddresses) {
    EXPECT_TRUE(subnet("10.0.0.0/8").overlaps(subnet("10.89.0.0/24")));
    EXPECT_TRUE(subnet("10.89.0.0/24").overlaps(subnet("10.0.0.0/8")));
    EXPECT_FALSE(subnet("10.89.0.0/24").overlaps(subnet("10.89.1.0/24")));
    EXPECT_FALSE(subnet("10.89.0.0/24").overlaps(subnet("fd00::/64")));
}

}  // namespace
}  // namespace sbx::network
