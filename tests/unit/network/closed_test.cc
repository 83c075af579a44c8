#include "network/closed.h"

#include <gtest/gtest.h>

namespace sbx::network {
namespace {

class Closed : public testing::TestWithParam<const char*> {};
TEST_P(Closed, IsNotSentTo) { EXPECT_TRUE(is_closed(*Address::parse(GetParam()))); }
INSTANTIATE_TEST_SUITE_P(
    Addresses, Closed,
    testing::Values("0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.255", "169.254.169.254",
                    "169.254.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "224.0.0.1",
                    "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
                    "::ffff:127.0.0.1", "::ffff:8.8.8.8", "fe80::1", "febf::1", "fec0::1",
                    "ff02::1", "fd00:ec2::254", "fd20:ce::254", "fd00:42::42",
                    "64:ff9b::169.254.169.254", "64:ff9b:1::808:808", "2002:7f00:1::1"));

class Open : public testing::TestWithParam<const char*> {};
TEST_P(Open, IsSentTo) { EXPECT_FALSE(is_closed(*Address::parse(GetParam()))); }
INSTANTIATE_TEST_SUITE_P(Addresses, Open,
                         testing::Values("1.1.1.1", "10.0.0.1", "172.16.0.1", "192.168.0.1",
                                         "126.255.255.255", "128.0.0.1", "100.100.100.201",
                                         "223.255.255.255", "2606:4700::1111", "fd00:1::1",
                                         "64:ff9b::8.8.8.8", "2002:808:808::1", "::1:0:0:1"));

TEST(Groups, AreTold) {
    for (const char* text : {"224.0.0.1", "255.255.255.255", "ff02::1"})
        EXPECT_TRUE(is_group(*Address::parse(text))) << text;
    for (const char* text : {"127.0.0.1", "::1"})
        EXPECT_FALSE(is_group(*Address::parse(text))) << text;
}

}  // namespace
}  // namespace sbx::network
