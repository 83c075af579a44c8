#include "container/ports.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

Blueprint blueprint() {
    Blueprint blueprint;
    blueprint.request.spec.namespaces.push_back({.type = "network"});
    return blueprint;
}

TEST(Ports, AreThoseThatAreAskedFor) {
    Blueprint b = blueprint();
    ASSERT_TRUE(succeeds(compose_ports(
        {.publish = {"8080:80", "53/udp"}, .expose = {"90-91"}, .publish_address = "::1"},
        {.exposed_ports = {"7/udp"}}, b)));
    EXPECT_EQ(network::to_text(b.ports), "[::1]:8080->80/tcp, [::1]:0->53/udp");
    EXPECT_EQ(words_of(b.exposed), (Strings{"80/tcp", "90-91/tcp", "7/udp", "53/udp"}));
    EXPECT_TRUE(b.warnings.empty());
}

TEST(Ports, OfAnImageArePublishedOnDemand) {
    Blueprint b = blueprint();
    ASSERT_TRUE(
        succeeds(compose_ports({.publish = {"8080:80"}, .publish_all = true},
                               {.exposed_ports = {"80", "90-91/tcp", "70000", "x\x1b"}}, b)));
    EXPECT_EQ(network::to_text(b.ports),
              "127.0.0.1:8080->80/tcp, 127.0.0.1:0->90/tcp, 127.0.0.1:0->91/tcp");
    ASSERT_EQ(b.warnings.size(), 2U);
    EXPECT_TRUE(b.warnings.back().contains("an exposed port of the image is left out: 'x\\x1b'"));
}

TEST(Ports, CannotBeAnything) {
    Blueprint b = blueprint();
    EXPECT_TRUE(
        fails_saying(compose_ports({.publish = {"x"}}, {}, b), "--publish: 'x': 'x' is not"));
    EXPECT_TRUE(fails_saying(compose_ports({.expose = {"x"}}, {}, b), "--expose: 'x': 'x' is not"));
    EXPECT_TRUE(fails_saying(compose_ports({.publish = {"1:1", "1:2"}}, {}, b), "asked for twice"));
}

TEST(Ports, MeanNothingInTheNetworkOfTheHost) {
    Blueprint b;
    ASSERT_TRUE(succeeds(compose_ports({.publish = {"8080:80"}}, {}, b)));
    EXPECT_TRUE(b.ports.empty());
    ASSERT_EQ(b.warnings.size(), 1U);
    EXPECT_TRUE(b.warnings.front().contains("--publish has no effect with --network host"));
}

TEST(Ports, AreKeptInFewWords) {
    const auto all = *parse_exposed({"1-65535", "5/udp"});
    EXPECT_EQ(words_of(all), (Strings{"1-65535/tcp", "5/udp"}));
    EXPECT_EQ(*parse_exposed(words_of(all)), all);
    EXPECT_FALSE(parse_exposed({"80", "x"}));
}

TEST(Ports, AreDocumentsAsOfDocker) {
    Blueprint b = blueprint();
    ASSERT_TRUE(succeeds(compose_ports(
        {.publish = {"8080:80", "[::1]:8080:80", "8000-8010:53/udp", "70"}, .expose = {"90"}}, {},
        b)));
    EXPECT_EQ(port_bindings_of(b.ports).dump(),
              R"({"53/udp":[{"HostIp":"127.0.0.1","HostPort":"8000-8010"}],)"
              R"("70/tcp":[{"HostIp":"127.0.0.1","HostPort":""}],)"
              R"("80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"},)"
              R"({"HostIp":"::1","HostPort":"8080"}]})");
    EXPECT_EQ(network_ports_of({b.ports.front()}, b.exposed).dump(),
              R"({"53/udp":null,"70/tcp":null,)"
              R"("80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"}],"90/tcp":null})");
    EXPECT_EQ(exposed_ports_of(b.exposed).dump(),
              R"({"53/udp":{},"70/tcp":{},"80/tcp":{},"90/tcp":{}})");
}

TEST(Ports, OfALifeAreThoseOnRecord) {
    const std::vector<network::PortMapping> ports = *network::parse_publish("8080:80", "::1");
    EXPECT_EQ(ports_of({.ports = network::to_json(ports)}), ports);
    EXPECT_TRUE(ports_of({}).empty());
}

}  // namespace
}  // namespace sbx::container
