#include "network/settings.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::network {
namespace {

using test::fails_saying;

TEST(NetworkSettings, LayANetworkOut) {
    const Settings usual;
    EXPECT_EQ(usual.own().text(), "10.0.2.100");
    EXPECT_EQ(usual.gateway().text(), "10.0.2.2");
    EXPECT_EQ(usual.names().text(), "10.0.2.3");
    const Settings other = *Settings::parse("cidr=192.168.7.77/24");
    EXPECT_EQ(other.own().text(), "192.168.7.100");
    EXPECT_EQ(other.text(), "cidr=192.168.7.0/24");
}

TEST(NetworkSettings, AreTheirText) {
    for (const char* text : {"", "mtu=1500", "cidr=10.1.0.0/16,mtu=1280,allow-host-loopback=true",
                             "mtu=576,ipv6=false"})
        EXPECT_EQ(Settings::parse(text)->text(), text);
    EXPECT_TRUE(Settings::parse("allow_host_loopback=true")->allow_host_loopback);
}

struct Bad {
    const char* text;
    const char* words;
};
class BadSettings : public testing::TestWithParam<Bad> {};

TEST_P(BadSettings, AreRefused) {
    EXPECT_TRUE(fails_saying(Settings::parse(GetParam().text), GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    NetworkSettings, BadSettings,
    testing::Values(Bad{"cidr=", "a network of IPv4 belongs there"},
                    Bad{"cidr=10.0.2.0", "a network of IPv4 belongs there"},
                    Bad{"cidr=fd00::/64", "a network of IPv4 belongs there"},
                    Bad{"cidr=10.0.2.0/26", "cidr=10.0.2.0/26: "},
                    Bad{"cidr=10.0.2.0/x", "cidr=10.0.2.0/x: "},
                    Bad{"cidr=127.0.0.0/24", "a meaning of their own"},
                    Bad{"cidr=169.254.0.0/16", "a meaning of their own"}, Bad{"mtu=", "mtu"},
                    Bad{"mtu=70000", "mtu"}, Bad{"mtu=575,ipv6=false", "mtu"},
                    Bad{"mtu=1279", "mtu=1279: IPv6 needs 1280"},
                    Bad{"ipv6=yes", "ipv6=yes: true or false belongs there"},
                    Bad{"ipv6", "true or false"}, Bad{"mtu=1500,", "there is no ''"},
                    Bad{"outbound-addr=1.2.3.4", "there is no 'outbound-addr'"}));

}  // namespace
}  // namespace sbx::network
