#include "network/policy.h"

#include <gtest/gtest.h>

#include "network/settings.h"
#include "support/frames.h"

namespace sbx::network {
namespace {

using test::Frame;
using Verdict = Policy::Verdict;
constexpr int kTcp = IPPROTO_TCP;
constexpr int kUdp = IPPROTO_UDP;
constexpr int kIcmp = IPPROTO_ICMP;
constexpr int kIcmp6 = IPPROTO_ICMPV6;

Verdict judged(const Frame& frame, const Settings& settings = {}) {
    const Policy policy(settings.layout(), [](const Address& address) {
        return address.text() == "192.0.2.2" || address.text() == "2606::2";
    });
    return policy.judge(bytes_of(frame));
}

// What goes to `to` by each protocol has the same verdict.
void expect_all(const char* to, Verdict verdict, const Settings& settings = {}) {
    const bool v6 = Address::parse(to)->is_v6();
    for (const int protocol : {kTcp, kUdp, v6 ? kIcmp6 : kIcmp})
        EXPECT_EQ(judged({.from = v6 ? "fd00::100" : "10.0.2.100", .to = to, .protocol = protocol},
                         settings),
                  verdict)
            << to << " " << protocol;
}

TEST(Policy, LetsTheWorldBeReached) {
    for (const char* to : {"1.1.1.1", "10.0.3.1", "192.168.1.1"})
        expect_all(to, Verdict::pass);
    for (const char* to : {"2606::1", "fd00:1::1"}) {
        for (const int protocol : {kTcp, kUdp})
            EXPECT_EQ(judged({.from = "fd00::100", .to = to, .protocol = protocol}), Verdict::pass);
        EXPECT_EQ(judged({.from = "fd00::100", .to = to, .protocol = kIcmp6}), Verdict::refuse)
            << "the stack sends none on";
    }
}

TEST(Policy, RefusesTheHostAndItsLinks) {
    for (const char* to :
         {"127.0.0.1", "0.0.0.0", "169.254.169.254", "192.0.2.2", "100.100.100.200", "::1",
          "::ffff:127.0.0.1", "fe80::1", "fd00:ec2::254", "2606::2", "64:ff9b::192.0.2.2"}) {
        expect_all(to, Verdict::refuse);
        expect_all(to, Verdict::refuse, {.allow_host_loopback = true});
    }
}

TEST(Policy, DropsWhatGoesToMany) {
    for (const char* to : {"224.0.0.251", "255.255.255.255", "10.0.2.255", "ff02::1", "ff05::2"})
        expect_all(to, Verdict::drop);
}

TEST(Policy, OpensTheGatewayWhereAsked) {
    const Settings open{.allow_host_loopback = true};
    for (const auto& [from, to] : {std::pair("10.0.2.100", "10.0.2.2"), {"fd00::100", "fd00::2"}}) {
        EXPECT_EQ(judged({.from = from, .to = to}), Verdict::refuse);
        EXPECT_EQ(judged({.from = from, .to = to}, open), Verdict::pass);
        EXPECT_EQ(judged({.from = from, .to = to, .protocol = kUdp}), Verdict::refuse);
        EXPECT_EQ(judged({.from = from, .to = to, .protocol = kUdp}, open), Verdict::pass);
    }
    EXPECT_EQ(judged({.to = "10.0.2.2", .protocol = kIcmp}), Verdict::pass);
    expect_all("10.0.2.7", Verdict::refuse, open);
    expect_all("fd00::7", Verdict::refuse, open);
}

TEST(Policy, OpensNamesOfTheNameServerAlone) {
    for (const auto& [from, to] : {std::pair("10.0.2.100", "10.0.2.3"), {"fd00::100", "fd00::3"}})
        for (const int protocol : {kTcp, kUdp}) {
            EXPECT_EQ(judged({.from = from, .to = to, .protocol = protocol, .port = 53}),
                      Verdict::pass);
            EXPECT_EQ(judged({.from = from, .to = to, .protocol = protocol, .port = 22},
                             {.allow_host_loopback = true}),
                      Verdict::refuse);
        }
}

TEST(Policy, DropsWhatIsNotFromItsOwnNetwork) {
    for (const char* from : {"1.2.3.4", "127.0.0.1", "10.0.2.2", "10.0.2.3", "0.0.0.0"})
        EXPECT_EQ(judged({.from = from}), Verdict::drop) << from;
    for (const char* from : {"::1", "fd00::2", "fd00::3", "fe80::1", "2606::1", "::"})
        EXPECT_EQ(judged({.from = from, .to = "2606::1"}), Verdict::drop) << from;
    EXPECT_EQ(judged({.from = "10.0.2.101"}), Verdict::pass) << "it may give itself more";
}

TEST(Policy, DropsFragmentsWhereverTheyGo) {
    for (const char* to : {"1.1.1.1", "127.0.0.1", "10.0.2.2"})
        for (const unsigned fragment : {0x2000U, 0x0001U})
            EXPECT_EQ(judged({.to = to, .protocol = kUdp, .fragment = fragment}), Verdict::drop);
}

TEST(Policy, KeepsNeighboursOnTheirLink) {
    const auto solicited = [](const char* from, const char* to) {
        return judged({.from = from, .to = to, .protocol = kIcmp6, .icmp = 135});
    };
    EXPECT_EQ(solicited("fd00::100", "ff02::1:ff00:2"), Verdict::pass);
    EXPECT_EQ(solicited("::", "ff02::1:ff00:2"), Verdict::pass);
    EXPECT_EQ(solicited("fe80::1", "fd00::2"), Verdict::pass);
    EXPECT_EQ(solicited("2606::1", "fd00::2"), Verdict::drop);
    EXPECT_EQ(solicited("fd00::100", "2606::1"), Verdict::drop);
    EXPECT_EQ(solicited("fd00::100", "ff05::2"), Verdict::drop);
}

TEST(Policy, KnowsNoIPv6WhereThereIsNone) {
    EXPECT_EQ(judged({.from = "fd00::100", .to = "2606::1"}, {.ipv6 = false}), Verdict::drop);
}

TEST(Policy, FollowsTheNetworkThatWasAsked) {
    const Settings other = *Settings::parse("cidr=10.7.0.0/16");
    EXPECT_EQ(judged({.from = "10.7.0.100"}, other), Verdict::pass);
    EXPECT_EQ(judged({}, other), Verdict::drop);
    EXPECT_EQ(judged({.from = "10.7.0.100", .to = "10.7.0.2"}, other), Verdict::refuse);
    EXPECT_EQ(judged({.from = "10.7.0.100", .to = "10.7.255.255"}, other), Verdict::drop);
}

std::string arp(const char* from, const char* to) {
    return test::ethernet(0x0806) + test::word(1) + test::word(0x0800) + "\x06\x04" +
           test::word(1) + std::string(6, '\x02') + Address::parse(from)->bytes() +
           std::string(6, '\0') + Address::parse(to)->bytes();
}

TEST(Policy, LetsItsOwnNeighboursBeAskedFor) {
    const Policy policy(Settings().layout(), [](const Address&) { return false; });
    EXPECT_EQ(policy.judge(arp("10.0.2.100", "10.0.2.2")), Verdict::pass);
    EXPECT_EQ(policy.judge(arp("10.0.2.2", "10.0.2.2")), Verdict::drop);
    EXPECT_EQ(policy.judge(arp("10.0.2.100", "1.1.1.1")), Verdict::drop);
    EXPECT_EQ(policy.judge(arp("10.0.2.100", "10.0.2.2").substr(0, 41)), Verdict::drop);
}

}  // namespace
}  // namespace sbx::network
