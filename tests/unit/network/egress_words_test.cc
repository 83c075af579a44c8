#include "network/egress_words.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::network {
namespace {

TEST(EgressWords, AreTheRulesAsTheyWereGiven) {
    EgressRules rules;
    for (const char* text : {"example.org", "*.example.org:8080", "[2001:db8::/32]:53/udp"})
        rules.allowed.push_back(parse_egress_rule(text, EgressUse::allow).value());
    rules.denied.push_back(parse_egress_rule("evil.example.org", EgressUse::deny).value());
    const std::string text = to_json(rules).dump();
    EXPECT_EQ(text, R"({"allow":["example.org","*.example.org:8080","[2001:db8::/32]:53/udp"],)"
                    R"("deny":["evil.example.org"]})");
    const EgressRules again = egress_rules_from(Json::parse(text).value()).value();
    EXPECT_EQ(to_json(again).dump(), text);
    EXPECT_TRUE(again.allowed[0].has({.number = 443, .protocol = Protocol::tcp}));
    EXPECT_FALSE(again.allowed[0].has({.number = 22, .protocol = Protocol::tcp}))
        << "an allowed name has its ports";
    EXPECT_TRUE(again.denied[0].has_all());
}

TEST(EgressWords, HaveToBeRules) {
    for (const char* text :
         {"{}", R"({"allow": []})", R"({"allow": [], "deny": "x.example"})",
          R"({"allow": ["http://x"], "deny": []})", R"({"allow": [], "deny": ["x.example:0"]})"})
        EXPECT_FALSE(egress_rules_from(Json::parse(text).value())) << text;
}

}  // namespace
}  // namespace sbx::network
