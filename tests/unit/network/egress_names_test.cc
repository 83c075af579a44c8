#include "network/egress_names.h"

#include <gtest/gtest.h>

namespace sbx::network {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const EgressNames::Clock::time_point kNow = EgressNames::Clock::time_point() + hours(100);
const Address kAddress = Address::known("192.0.2.1");

DnsReply reply(const std::string& name, seconds valid) {
    return {.name = name, .found = {{.address = kAddress, .valid = valid}}};
}

std::vector<std::string_view> names_at(const EgressNames& names,
                                       EgressNames::Clock::duration when) {
    return names.names_of(kAddress, kNow + when);
}

using Names = std::vector<std::string_view>;

TEST(EgressNames, AreKnownForAWhile) {
    EgressNames names;
    EXPECT_EQ(names_at(names, seconds(0)), Names());
    names.learn(reply("a.example", seconds(1)), kNow);
    names.learn(reply("b.example", hours(1)), kNow);
    names.learn(reply("c.example", hours(9999)), kNow);
    EXPECT_EQ(names_at(names, minutes(5)), (Names{"a.example", "b.example", "c.example"}));
    EXPECT_EQ(names_at(names, minutes(6)), (Names{"b.example", "c.example"}));
    EXPECT_EQ(names_at(names, hours(24)), Names{"c.example"});
    EXPECT_EQ(names_at(names, hours(25)), Names());
    EXPECT_EQ(names.names_of(Address::known("192.0.2.2"), kNow), Names());
}

TEST(EgressNames, AreNotForgottenForAShorterAnswer) {
    EgressNames names;
    names.learn(reply("a.example", hours(1)), kNow);
    names.learn(reply("a.example", seconds(1)), kNow + minutes(1));
    EXPECT_EQ(names_at(names, minutes(50)), Names{"a.example"});
}

TEST(EgressNames, AreNotKeptWithoutBound) {
    EgressNames names;
    for (std::uint32_t i = 0; i < 20000; ++i)
        names.learn({.name = "a.example", .found = {{.address = Address::of_number(i)}}}, kNow);
    EXPECT_LE(names.size(), 8192U);
    for (int i = 0; i < 1000; ++i)
        names.learn(reply(std::to_string(i), seconds(1)), kNow);
    EXPECT_LE(names_at(names, seconds(0)).size(), 64U);
    for (std::uint32_t i = 0; i < 20000; ++i)
        names.learn({.name = "b.example", .found = {{.address = Address::of_number(i)}}},
                    kNow + hours(1));
    EXPECT_LE(names.size(), 8192U) << "what has expired made room";
}

}  // namespace
}  // namespace sbx::network
