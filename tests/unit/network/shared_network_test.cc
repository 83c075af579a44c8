#include "network/shared_network.h"

#include <gtest/gtest.h>

#include "support/members.h"
#include "support/results.h"

namespace sbx::network {
namespace {

using test::succeeds;

TEST(SharedNetwork, IsTheSameAfterItsWayToAProcess) {
    SharedNetwork network = test::shared_network();
    EXPECT_EQ(*SharedNetwork::from_json(network.to_json()), network);
    network.layout.v6.reset();
    network.layout.mtu = 1400;
    network.layout.allow_host_loopback = true;
    network.range = test::subnet("10.89.0.64/26");
    network.internal = true;
    network.names = false;
    network.servers = {"192.0.2.53", "2001:db8::53"};
    EXPECT_EQ(*SharedNetwork::from_json(network.to_json()), network);
}

TEST(SharedNetwork, HasToBeWhole) {
    const SharedNetwork network = test::shared_network();
    for (const char* key : {"id", "name", "v4", "mtu", "range", "internal", "names", "servers"})
        EXPECT_FALSE(SharedNetwork::from_json(network.to_json().set(key, Json()))) << key;
    Json side = Json::object().set("subnet", "10.89.0.0/24").set("gateway", "x").set("names", "y");
    EXPECT_TRUE(test::fails_saying(SharedNetwork::from_json(network.to_json().set("v6", side)),
                                   "'x' is no address"));
    EXPECT_FALSE(SharedNetwork::from_json(network.to_json().set("range", "10.89.0.0/99")));
}

}  // namespace
}  // namespace sbx::network
