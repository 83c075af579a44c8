#include "container/network_mode.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

TEST(NetworkMode, IsAWayOutUnlessAskedOtherwise) {
    for (const char* text : {"", "slirp", "slirp4netns", "default", "bridge", "private"})
        EXPECT_EQ(parse_network_mode(text)->slirp, network::Settings()) << text;
    EXPECT_FALSE(parse_network_mode("none")->slirp);
    EXPECT_FALSE(parse_network_mode("none")->host);
    EXPECT_TRUE(parse_network_mode("host")->host);
}

TEST(NetworkMode, MayBeOneThatIsThere) {
    const NetworkMode mode = *parse_network_mode("container:box");
    EXPECT_EQ(mode.joined, "container:box");
    EXPECT_FALSE(mode.host);
    EXPECT_FALSE(mode.slirp);
}

TEST(NetworkMode, MayBeServedByPasta) {
    const NetworkMode mode = *parse_network_mode("pasta:--mtu,1500");
    EXPECT_EQ(mode.pasta->words, (std::vector<std::string>{"--mtu", "1500"}));
    EXPECT_FALSE(mode.slirp);
}

TEST(NetworkMode, IsShownAsItIsAsked) {
    for (const char* text : {"none", "host", "container:box", "ns:/x", "slirp",
                             "slirp:mtu=1500,ipv6=false", "pasta", "pasta:--mtu,1500"})
        EXPECT_EQ(text_of(*parse_network_mode(text)), text);
    EXPECT_EQ(text_of(*parse_network_mode("slirp4netns:allow_host_loopback=true")),
              "slirp:allow-host-loopback=true");
}

TEST(NetworkMode, RefusesWhatThereIsNot) {
    EXPECT_TRUE(fails_saying(parse_network_mode("pasta:mtu=9"), "--network pasta: 'mtu=9'"));
    EXPECT_TRUE(fails_saying(parse_network_mode("mine"), "--network mine: there is no such"));
    EXPECT_TRUE(fails_saying(parse_network_mode("bridge:ip=1"), "bridge takes no options"));
    EXPECT_TRUE(fails_saying(parse_network_mode("slirp:port=1"), "there is no 'port'"));
}

TEST(ChooseNetwork, TellsAModeFromNames) {
    Options one{.networks = {"none"}};
    ASSERT_TRUE(succeeds(choose_network(one)));
    EXPECT_EQ(one.network, "none");
    EXPECT_TRUE(one.networks.empty());
    Options names{.networks = {"app", "back"}};
    ASSERT_TRUE(succeeds(choose_network(names)));
    EXPECT_EQ(names.network, "");
    EXPECT_EQ(names.networks.size(), 2U);
    Options both{.networks = {"app", "host"}};
    EXPECT_TRUE(fails_saying(choose_network(both), "--network host: no other network"));
}

}  // namespace
}  // namespace sbx::container
