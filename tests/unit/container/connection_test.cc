#include "container/connection.h"

#include <gtest/gtest.h>

#include "support/members.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::succeeds;

const network::Place kPlace{.v4 = test::address("10.89.0.2"),
                            .v6 = test::address("fd00:1::2"),
                            .hardware = "\x02\x42\x0a\x59\x01\x02"};

Connection connection(const network::SharedNetwork& network = test::shared_network()) {
    return connection_to(network, {.network = "app", .interface = "eth0", .aliases = {"www"}},
                         kPlace);
}

TEST(Connection, IsWhatTheNetworkGives) {
    const Connection c = connection();
    EXPECT_EQ(c.network, "app");
    EXPECT_EQ(c.interface, "eth0");
    EXPECT_EQ(c.v4, "10.89.0.2");
    EXPECT_EQ(c.prefix4, 24U);
    EXPECT_EQ(c.gateway6, "fd00:1::1");
    EXPECT_EQ(c.server, "10.89.0.254");
}

TEST(Connection, HasAServerWhereOneAnswers) {
    network::SharedNetwork network = test::shared_network();
    network.names = false;
    EXPECT_EQ(connection(network).server, "10.89.0.254") << "it asks others";
    network.internal = true;
    EXPECT_EQ(connection(network).server, "");
    network.names = true;
    EXPECT_EQ(connection(network).server, "10.89.0.254");
}

TEST(Connection, ThatLeadsOutFirstIsTheWayOutAndAsksTheOthers) {
    const auto one = [](const char* name, const char* server, bool internal) {
        return Connection{.network = name, .server = server, .internal = internal};
    };
    const std::vector<Connection> all = {one("inner", "10.0.0.1", true),
                                         one("app", "10.0.1.1", false),
                                         one("back", "10.0.2.1", false)};
    EXPECT_EQ(way_out(all)->network, "app");
    EXPECT_EQ(name_server(all)->network, "app");
    const std::vector<Connection> inner = {one("mute", "", true), one("inner", "10.0.0.1", true)};
    EXPECT_EQ(way_out(inner), nullptr);
    EXPECT_EQ(name_server(inner)->network, "inner");
    EXPECT_EQ(name_server({}), nullptr);
    EXPECT_EQ(name_server({one("mute", "", true)}), nullptr);
}

TEST(Connection, IsKept) {
    const std::vector<Connection> all = {connection(), Connection{.network = "other"}};
    EXPECT_EQ(*connections_from(to_json(all)), all);
    EXPECT_EQ(connections_of({.networks = to_json(all)}), all);
    EXPECT_TRUE(connections_of({}).empty());
    EXPECT_FALSE(connections_from(Json::array().push(Json::object())));
}

TEST(Connection, IsShownAsDockerDoes) {
    const Json settings = settings_of(connection());
    EXPECT_EQ(*settings["IPAddress"].as_string(), "10.89.0.2");
    EXPECT_EQ(settings["IPPrefixLen"].as_unsigned(), 24U);
    EXPECT_EQ(*settings["Gateway"].as_string(), "10.89.0.1");
    EXPECT_EQ(*settings["GlobalIPv6Address"].as_string(), "fd00:1::2");
    EXPECT_EQ(*settings["MacAddress"].as_string(), "02:42:0a:59:01:02");
    EXPECT_EQ(*settings["NetworkID"].as_string(), std::string(64, 'a'));
    EXPECT_EQ(*settings["Aliases"].items().front().as_string(), "www");
}

}  // namespace
}  // namespace sbx::container
