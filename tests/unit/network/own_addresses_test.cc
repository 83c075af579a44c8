#include "network/own_addresses.h"

#include <gtest/gtest.h>

namespace sbx::network {
namespace {

using std::chrono::milliseconds;

TEST(OwnAddresses, AreAskedForOnceASecond) {
    int asked = 0;
    OwnAddresses own([&](const Address& address) -> Result<bool> {
        ++asked;
        return address.text() == "192.0.2.2";
    });
    const OwnAddresses::Clock::time_point start = OwnAddresses::Clock::now();
    const Address mine = *Address::parse("192.0.2.2");
    EXPECT_TRUE(own.contain(mine, start));
    EXPECT_TRUE(own.contain(mine, start + milliseconds(999)));
    EXPECT_EQ(asked, 1);
    EXPECT_TRUE(own.contain(mine, start + milliseconds(1001)));
    EXPECT_EQ(asked, 2);
    EXPECT_FALSE(own.contain(*Address::parse("192.0.2.3"), start));
}

TEST(OwnAddresses, MayBeWhateverTheKernelDoesNotSay) {
    OwnAddresses own(
        [](const Address&) -> Result<bool> { return Error(Error::Kind::failed, "no answer"); });
    EXPECT_TRUE(own.contain(*Address::parse("1.1.1.1")));
}

}  // namespace
}  // namespace sbx::network
