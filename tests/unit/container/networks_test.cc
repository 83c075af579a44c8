#include "container/networks.h"

#include <gtest/gtest.h>

#include "support/members.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

store::Network composed(const NetworkOptions& options, const TakenSubnets& taken = {}) {
    Result<store::Network> network = compose_network(options, taken);
    EXPECT_TRUE(succeeds(network));
    return network ? *std::move(network) : store::Network();
}

TEST(ComposeNetwork, TakesTheFirstSubnetThatIsFree) {
    EXPECT_EQ(composed({.name = "app"}).subnets[0].subnet, "10.89.0.0/24");
    EXPECT_EQ(composed({.name = "app"}).subnets[0].gateway, "10.89.0.1");
    EXPECT_EQ(composed({.name = "app"}, {.networks = {test::subnet("10.89.0.0/24")},
                                         .hosts = {test::subnet("10.89.1.0/28")}})
                  .subnets[0]
                  .subnet,
              "10.89.2.0/24");
    EXPECT_TRUE(fails_saying(
        compose_network({.name = "app"}, {.hosts = {test::subnet("10.0.0.0/8")}}), "no subnet"));
}

TEST(ComposeNetwork, TakesWhatIsAskedFor) {
    const store::Network network = composed({.name = "app",
                                             .subnets = {"10.5.0.0/16", "fd00:5::/64"},
                                             .gateways = {"10.5.0.9", "fd00:5::9"},
                                             .ranges = {"10.5.4.0/24"},
                                             .internal = true,
                                             .disable_dns = true,
                                             .servers = {"1.1.1.1"},
                                             .labels = {{"a", "b"}},
                                             .options = {"mtu=1400", "isolate=true"}});
    EXPECT_EQ(network.subnets[0].gateway, "10.5.0.9");
    EXPECT_EQ(network.subnets[0].range, "10.5.4.0/24");
    EXPECT_EQ(network.subnets[1].gateway, "fd00:5::9");
    EXPECT_TRUE(network.internal);
    EXPECT_FALSE(network.dns);
    EXPECT_EQ(network.servers, Strings{"1.1.1.1"});
    EXPECT_EQ(network.options.at("mtu"), "1400");
    EXPECT_EQ(network.id.size(), 64U);
}

TEST(ComposeNetwork, MakesUpASubnetOfIPv6) {
    const store::Network one = composed({.name = "app", .ipv6 = true});
    ASSERT_EQ(one.subnets.size(), 2U);
    EXPECT_TRUE(one.subnets[1].subnet.starts_with("fd"));
    EXPECT_TRUE(one.subnets[1].subnet.ends_with("::/64"));
    EXPECT_NE(one.subnets[1].subnet, composed({.name = "app", .ipv6 = true}).subnets[1].subnet);
}

struct Bad {
    NetworkOptions options;
    const char* words;
};
class BadNetwork : public testing::TestWithParam<Bad> {};

TEST_P(BadNetwork, IsRefused) {
    NetworkOptions options = GetParam().options;
    if (options.name.empty()) options.name = "app";
    EXPECT_TRUE(fails_saying(compose_network(options, {.networks = {test::subnet("10.7.0.0/24")}}),
                             GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    ComposeNetwork, BadNetwork,
    testing::Values(
        Bad{{.name = "a/b"}, "a/b"}, Bad{{.name = "host"}, "means something else"},
        Bad{{.name = "slirp"}, "means something else"},
        Bad{{.name = "", .subnets = {"10.5.0.0"}}, "--subnet"},
        Bad{{.name = "", .subnets = {"10.5.0.0/30"}}, "/8 to /29"},
        Bad{{.name = "", .subnets = {"fd00::/112"}}, "/16 to /96"},
        Bad{{.name = "", .subnets = {"127.1.0.0/16"}}, "meaning of their own"},
        Bad{{.name = "", .subnets = {"224.1.0.0/16"}}, "meaning of their own"},
        Bad{{.name = "", .subnets = {"10.7.0.0/25"}}, "another network has"},
        Bad{{.name = "", .subnets = {"10.5.0.0/24", "10.6.0.0/24"}}, "one of IPv4 already"},
        Bad{{.name = "", .gateways = {"10.6.0.1"}}, "--gateway 10.6.0.1"},
        Bad{{.name = "", .subnets = {"10.5.0.0/24"}, .gateways = {"10.5.0.255"}}, "--gateway"},
        Bad{{.name = "", .gateways = {"x"}}, "--gateway x"},
        Bad{{.name = "", .ranges = {"10.6.0.0/24"}}, "it is no part of"},
        Bad{{.name = "", .ranges = {"10.0.0.0/8"}}, "it is no part of"},
        Bad{{.name = "", .subnets = {"10.5.0.0/24"}, .ranges = {"10.5.0.1/32"}}, "no address for"},
        Bad{{.name = "", .subnets = {"10.5.0.0/24"}, .ranges = {"10.5.0.0/31"}}, "no address for"},
        Bad{{.name = "",
             .subnets = {"10.5.0.0/24"},
             .gateways = {"10.5.0.9"},
             .ranges = {"10.5.0.9/32"}},
            "no address for"},
        Bad{{.name = "", .subnets = {"10.5.0.0/24"}, .ranges = {"10.5.0.254/31"}},
            "--ip-range 10.5.0.254/31"},
        Bad{{.name = "", .servers = {"x"}}, "--dns x"},
        Bad{{.name = "", .options = {"mtu=9"}}, "--opt mtu=9"},
        Bad{{.name = "", .ipv6 = true, .options = {"mtu=1000"}}, "--opt mtu=1000"},
        Bad{{.name = "", .options = {"isolate=false"}}, "never reach each other"},
        Bad{{.name = "", .options = {"vlan=5"}}, "--opt vlan=5"}));

TEST(ComposeNetwork, TakesARangeOfOneAddress) {
    for (const char* range : {"10.5.0.2/32", "10.5.0.0/30", "10.5.0.252/30"})
        EXPECT_EQ(composed({.name = "app", .subnets = {"10.5.0.0/24"}, .ranges = {range}})
                      .subnets[0]
                      .range,
                  range);
}

TEST(SharedNetwork, IsLaidOutByItsRecord) {
    const store::Network record = composed(
        {.name = "app", .subnets = {"10.5.0.0/24", "fd00:5::/64"}, .options = {"mtu=1400"}});
    const Result<network::SharedNetwork> network = shared_network(record);
    ASSERT_TRUE(succeeds(network));
    EXPECT_EQ(network->layout.v4.names.text(), "10.5.0.254");
    EXPECT_EQ(network->layout.v6->names.text(), "fd00:5::fe");
    EXPECT_EQ(network->layout.v6->gateway.text(), "fd00:5::1");
    EXPECT_EQ(network->layout.mtu, 1400U);
    EXPECT_EQ(network->range.text(), "10.5.0.0/24");
}

TEST(SharedNetwork, HasItsNameServerBesideTheGateway) {
    const store::Network last = composed({.name = "app",
                                          .subnets = {"10.5.0.0/24", "fd00:5::/64"},
                                          .gateways = {"10.5.0.254", "fd00:5::fd"}});
    EXPECT_EQ(shared_network(last)->layout.v4.names.text(), "10.5.0.253");
    EXPECT_NE(shared_network(last)->layout.v6->names, shared_network(last)->layout.v6->gateway);
    store::Network damaged = last;
    damaged.subnets[0].gateway = "x";
    EXPECT_FALSE(shared_network(damaged));
}

class NetworksInStore : public testing::Test {
protected:
    void add_container(const std::string& name, const Strings& networks) {
        const store::Containers containers = *store::Containers::open(*store_);
        const store::ContainerRecord record{
            .id = std::string(64, name[0]), .name = name, .networks = networks};
        ASSERT_TRUE(
            succeeds(containers.create(record, Json::object(), os::Durability::until_reboot)));
    }

    test::TempStore store_;
};

TEST_F(NetworksInStore, AreListedWithTheirContainers) {
    ASSERT_TRUE(succeeds(create_network(*store_, {.name = "app"})));
    ASSERT_TRUE(succeeds(create_network(*store_, {.name = "b"})));
    EXPECT_TRUE(create_network(*store_, {.name = "b"}).failed_as(Error::Kind::exists));
    add_container("box", {"app"});
    const auto listed = list_networks(*store_);
    ASSERT_TRUE(succeeds(listed));
    ASSERT_EQ(listed->size(), 2U);
    EXPECT_EQ((*listed)[0].users.front().name, "box");
    EXPECT_TRUE((*listed)[1].users.empty());
    EXPECT_NE((*listed)[0].network.subnets[0].subnet, (*listed)[1].network.subnets[0].subnet);
    EXPECT_TRUE(find_network(*store_, "none").failed_as(Error::Kind::not_found));
}

TEST_F(NetworksInStore, AreInspectedAsPodmanDoes) {
    ASSERT_TRUE(succeeds(create_network(
        *store_, {.name = "app", .subnets = {"10.5.0.0/24"}, .ranges = {"10.5.0.128/25"}})));
    const Json json = inspect_network(*store_, *find_network(*store_, "app"));
    EXPECT_EQ(*json["name"].as_string(), "app");
    EXPECT_EQ(*json["driver"].as_string(), "bridge");
    const Json& subnet = json["subnets"].items().front();
    EXPECT_EQ(*subnet["gateway"].as_string(), "10.5.0.1");
    EXPECT_EQ(*subnet["lease_range"]["end_ip"].as_string(), "10.5.0.255");
    EXPECT_TRUE(*json["dns_enabled"].as_bool());
    EXPECT_TRUE(json["containers"].members().empty());
}

TEST_F(NetworksInStore, AreNotRemovedWhileContainersAreOnThem) {
    ASSERT_TRUE(succeeds(create_network(*store_, {.name = "app"})));
    add_container("box", {"app"});
    add_container("c", {"app"});
    const os::IdMap ids;
    EXPECT_TRUE(fails_saying(remove_network(*store_, "app", ids, Force::no),
                             "containers 'box', 'c' are on it"));
    EXPECT_TRUE(succeeds(remove_network(*store_, "app", ids, Force::kill)));
    EXPECT_TRUE(remove_network(*store_, "app", ids, Force::no).failed_as(Error::Kind::not_found));
}

}  // namespace
}  // namespace sbx::container
