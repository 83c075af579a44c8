#include "network/egress_rules.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::network {
namespace {

using test::fails_saying;

EgressRules rules(const std::vector<std::string>& allowed,
                  const std::vector<std::string>& denied = {}) {
    EgressRules rules;
    for (const std::string& text : allowed)
        rules.allowed.push_back(parse_egress_rule(text, EgressUse::allow).value());
    for (const std::string& text : denied)
        rules.denied.push_back(parse_egress_rule(text, EgressUse::deny).value());
    return rules;
}

constexpr ContainerPort tcp(std::uint16_t port) { return {.number = port}; }
constexpr ContainerPort udp(std::uint16_t port) {
    return {.number = port, .protocol = Protocol::udp};
}
Address at(std::string_view text) { return Address::known(text); }

TEST(EgressRules, ANameMeansTheWeb) {
    const EgressRules web = rules({"Packages.Example.org."});
    EXPECT_EQ(web.against("packages.example.org"), "");
    EXPECT_EQ(web.against("example.org"), EgressRules::kNotAllowed);
    EXPECT_EQ(web.against("a.packages.example.org"), EgressRules::kNotAllowed);
    for (const std::uint16_t port : {std::uint16_t{80}, std::uint16_t{443}})
        EXPECT_EQ(web.against("packages.example.org", tcp(port)), "");
    for (const ContainerPort port : {tcp(22), tcp(8080), udp(443)})
        EXPECT_EQ(web.against("packages.example.org", port), EgressRules::kNotAllowed);
    EXPECT_EQ(web.against(at("192.0.2.1"), tcp(443)), EgressRules::kNotAllowed);
}

TEST(EgressRules, AStarIsForAllBelow) {
    const EgressRules below = rules({"*.example.com:443"});
    for (const char* name : {"a.example.com", "b.a.example.com"}) {
        EXPECT_EQ(below.against(name), "");
        EXPECT_EQ(below.against(name, tcp(443)), "");
        EXPECT_EQ(below.against(name, tcp(80)), EgressRules::kNotAllowed);
    }
    for (const char* name : {"example.com", "badexample.com", ".example.com", "example.com.org"})
        EXPECT_EQ(below.against(name), EgressRules::kNotAllowed) << name;
}

TEST(EgressRules, AnAddressMeansEveryPort) {
    const EgressRules own = rules({"10.0.0.0/8", "[fd00::/16]:5432-5433", "192.0.2.7:53/udp"});
    EXPECT_EQ(own.against(at("10.9.9.9"), tcp(1)), "");
    EXPECT_EQ(own.against(at("10.9.9.9"), udp(65535)), "");
    EXPECT_EQ(own.against(at("11.0.0.1"), tcp(1)), EgressRules::kNotAllowed);
    EXPECT_EQ(own.against(at("fd00::1"), tcp(5433)), "");
    EXPECT_EQ(own.against(at("fd00::1"), tcp(5434)), EgressRules::kNotAllowed);
    EXPECT_EQ(own.against(at("fd01::1"), tcp(5433)), EgressRules::kNotAllowed);
    EXPECT_EQ(own.against(at("192.0.2.7"), udp(53)), "");
    EXPECT_EQ(own.against(at("192.0.2.7"), tcp(53)), EgressRules::kNotAllowed);
    EXPECT_EQ(own.against("example.org"), EgressRules::kNotAllowed);
    EXPECT_TRUE(own.name_address(at("192.0.2.7"), udp(53)));
    EXPECT_FALSE(own.name_address(at("10.9.9.9"), udp(53)));
    EXPECT_FALSE(own.are_about_names());
    EXPECT_EQ(rules({"fd00::7"}).against(at("fd00::7"), tcp(9)), "");
}

TEST(EgressRules, WhatIsDeniedGoesFirst) {
    const EgressRules some = rules({"*"}, {"*.example.org", "10.0.0.0/8", "bad.example.com:25"});
    EXPECT_EQ(some.against("a.example.org"), "*.example.org");
    EXPECT_EQ(some.against("a.example.org", udp(9)), "*.example.org");
    EXPECT_EQ(some.against(at("10.1.1.1"), tcp(9)), "10.0.0.0/8");
    EXPECT_EQ(some.against(at("10.1.1.1")), "10.0.0.0/8");
    EXPECT_EQ(some.against("bad.example.com"), "") << "at other ports it is open";
    EXPECT_EQ(some.against("bad.example.com", tcp(25)), "bad.example.com:25");
    EXPECT_EQ(some.against("good.example.com", tcp(25)), "");
    EXPECT_EQ(some.against(at("192.0.2.1"), udp(123)), "");
    EXPECT_TRUE(some.are_about_names());
    const EgressRules denying = rules({}, {"example.org"});
    EXPECT_EQ(denying.against("example.org"), "example.org");
    EXPECT_EQ(denying.against("example.net"), "");
    EXPECT_EQ(denying.against(at("192.0.2.1"), tcp(80)), "");
    EXPECT_EQ(rules({"a.example"}, {"*"}).against("a.example"), "*");
}

TEST(EgressRules, RefusesWhatIsNoRule) {
    const auto parsed = [](std::string_view text) {
        return parse_egress_rule(text, EgressUse::allow);
    };
    for (const char* text : {"", ":443", "*.", "a..b", "-a.org", "exam ple.org", "*example.org",
                             "a.*.org", "example.org/path"})
        EXPECT_TRUE(fails_saying(parsed(text), "neither a name nor an address")) << text;
    for (const char* text :
         {"a.org:0", "a.org:65536", "a.org:http", "a.org:", "10.0.0.0/33", "[::/129]:1",
          "http://example.org", "10.0.0.0/8/8", "a.org:1-", "10.0.0.0/"})
        EXPECT_FALSE(parsed(text)) << text;
    EXPECT_TRUE(fails_saying(parsed("a.org:9-8"), "the range '9-8' is empty"));
    EXPECT_TRUE(fails_saying(parsed(std::string(300, 'a')), "neither"));
}

}  // namespace
}  // namespace sbx::network
