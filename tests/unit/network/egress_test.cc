#include "network/egress.h"

#include <gtest/gtest.h>

#include "network/dns.h"
#include "network/settings.h"
#include "support/speech.h"

namespace sbx::network {
namespace {

using test::address_record;
using test::bytes_of;
using test::client_hello;
using test::dns_question;
using test::dns_reply;
using test::Frame;
using test::kAck;
using test::kSyn;
using test::server_name;

constexpr const char* kServer = "192.0.2.80";

class EgressTest : public ::testing::Test {
protected:
    static Egress with(const std::vector<std::string>& allowed,
                       const std::vector<std::string>& denied = {}) {
        EgressRules rules;
        for (const std::string& text : allowed)
            rules.allowed.push_back(parse_egress_rule(text, EgressUse::allow).value());
        for (const std::string& text : denied)
            rules.denied.push_back(parse_egress_rule(text, EgressUse::deny).value());
        return Egress(std::move(rules), Settings().layout(), os::Fd());
    }

    static void resolve(Egress& egress, const std::string& name,
                        const std::string& address = kServer) {
        (void)egress.judge(asking(name));
        egress.learn(test::reply_frame(dns_reply(name, {address_record(address)})));
    }

    static std::string asking(const std::string& name) {
        return bytes_of(
            {.to = "10.0.2.3", .protocol = IPPROTO_UDP, .port = 53, .payload = dns_question(name)});
    }

    static bool connects(Egress& egress, std::uint16_t port, const std::string& to = kServer) {
        return egress.judge(test::segment({.to = to, .port = port}, 999, kSyn)).goes_on;
    }

    static Egress::Decision say(Egress& egress, std::uint16_t port, const std::string& words) {
        (void)connects(egress, port);
        egress.learn(test::beginning_back({.to = kServer, .port = port}, 1000));
        return egress.judge(
            test::segment({.to = kServer, .port = port, .payload = words}, 1000, kAck));
    }

    static std::string get(const std::string& host) {
        return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }
};

TEST_F(EgressTest, LetsAllowedNamesBeAskedFor) {
    Egress egress = with({"a.example"});
    EXPECT_TRUE(egress.judge(asking("A.example")).goes_on);
    const Egress::Decision decision = egress.judge(asking("b.example"));
    EXPECT_FALSE(decision.goes_on);
    const std::optional<UdpDatagram> answer = parse_datagram(decision.answer);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->course.port, 4000);
    EXPECT_EQ(answer->bytes[3] & 0xf, 3) << "no such name";
    EXPECT_EQ(egress.summary(), "1 refused: b.example");
}

TEST_F(EgressTest, OpensTheAddressesOfAllowedNames) {
    Egress egress = with({"a.example"});
    EXPECT_FALSE(connects(egress, 443)) << "nobody has asked for it";
    resolve(egress, "b.example");
    EXPECT_FALSE(connects(egress, 443)) << "another name's";
    resolve(egress, "a.example");
    EXPECT_TRUE(connects(egress, 443));
    EXPECT_TRUE(connects(egress, 80));
    EXPECT_FALSE(connects(egress, 22));
    EXPECT_FALSE(connects(egress, 443, "192.0.2.81"));
    EXPECT_EQ(egress.summary(),
              "5 refused: 192.0.2.80:443 (2), 192.0.2.81:443, a.example:22, b.example");
}

TEST_F(EgressTest, WantsTheNameToBeSaid) {
    Egress egress = with({"a.example", "*.b.example"});
    resolve(egress, "a.example");
    EXPECT_TRUE(say(egress, 443, client_hello(server_name("a.example"))).goes_on);
    EXPECT_TRUE(say(egress, 443, client_hello(server_name("x.b.example"))).goes_on)
        << "it is allowed as well";
    EXPECT_TRUE(say(egress, 80, get("a.example")).goes_on);
    for (const auto& [port, words] :
         {std::pair<std::uint16_t, std::string>(443, client_hello(server_name("evil.example"))),
          {443, client_hello("")},
          {443, get("evil.example")},
          {80, get("evil.example")},
          {80, "SSH-2.0-x\r\n"},
          {443, "binary"}}) {
        const Egress::Decision decision = say(egress, port, words);
        EXPECT_FALSE(decision.goes_on) << words;
        ASSERT_EQ(decision.before.size(), 1U);
        EXPECT_TRUE(parse_segment(decision.before.front())->breaks_off);
        EXPECT_TRUE(parse_segment(decision.answer)->breaks_off);
    }
}

TEST_F(EgressTest, HearsOtherProtocolsAtTheirPorts) {
    Egress egress = with({"a.example:22-8080"});
    resolve(egress, "a.example");
    EXPECT_TRUE(say(egress, 22, "SSH-2.0-x\r\n").goes_on);
    EXPECT_FALSE(say(egress, 8080, get("evil.example")).goes_on);
}

TEST_F(EgressTest, KnowsAddressesByNumber) {
    Egress egress = with({"192.0.2.0/24:80"}, {"evil.example"});
    EXPECT_TRUE(say(egress, 80, get("anything.example")).goes_on) << "no name was asked for";
    EXPECT_FALSE(say(egress, 80, get("evil.example")).goes_on);
    EXPECT_FALSE(connects(egress, 81));
    EXPECT_FALSE(egress.judge(asking("a.example")).goes_on);
}

TEST_F(EgressTest, DeniesNames) {
    Egress egress = with({}, {"*.evil.example"});
    EXPECT_TRUE(egress.judge(asking("good.example")).goes_on);
    EXPECT_FALSE(egress.judge(asking("a.evil.example")).goes_on);
    EXPECT_TRUE(say(egress, 443, client_hello(server_name("good.example"))).goes_on);
    EXPECT_FALSE(say(egress, 443, client_hello(server_name("a.evil.example"))).goes_on);
    EXPECT_TRUE(say(egress, 25, "EHLO me\r\n").goes_on);
}

TEST_F(EgressTest, AsksNoOtherNameServer) {
    for (const std::vector<std::string>& allowed :
         {std::vector<std::string>{"a.example", "*"}, std::vector<std::string>()})
        for (const std::uint16_t port : {std::uint16_t{53}, std::uint16_t{853}}) {
            Egress egress = with(allowed, {"evil.example"});
            EXPECT_FALSE(connects(egress, port));
            EXPECT_FALSE(egress
                             .judge(bytes_of({.to = kServer,
                                              .protocol = IPPROTO_UDP,
                                              .port = port,
                                              .payload = dns_question("evil.example")}))
                             .goes_on);
        }
    Egress own = with({"a.example", "192.0.2.80:53"});
    EXPECT_TRUE(connects(own, 53)) << "it is named";
    Egress egress = with({"a.example"});
    EXPECT_FALSE(egress.judge(test::segment({.to = "10.0.2.3", .port = 53}, 1, kSyn)).goes_on)
        << "by TCP nobody would see what is asked for";
}

TEST_F(EgressTest, BelievesWhatItHasAskedAlone) {
    Egress egress = with({"a.example", "b.example"});
    const std::string answer = dns_reply("a.example", {address_record(kServer)});
    egress.learn(test::reply_frame(answer));
    EXPECT_FALSE(connects(egress, 443)) << "nobody has asked";
    (void)egress.judge(asking("b.example"));
    egress.learn(test::reply_frame(answer));
    EXPECT_FALSE(connects(egress, 443)) << "that was another question";
    (void)egress.judge(asking("a.example"));
    std::string other_id = answer;
    other_id[0] = 1;
    egress.learn(test::reply_frame(other_id));
    EXPECT_FALSE(connects(egress, 443));
    egress.learn(test::reply_frame(answer));
    EXPECT_TRUE(connects(egress, 443));
    egress.learn(test::reply_frame(dns_reply("a.example", {address_record("192.0.2.81")})));
    EXPECT_FALSE(connects(egress, 443, "192.0.2.81")) << "it was answered already";
}

TEST_F(EgressTest, TellsTheContainerThatItsWordsHaveCome) {
    Egress egress = with({"a.example"});
    resolve(egress, "a.example");
    const Egress::Decision decision = say(egress, 80, "GET / HT");
    EXPECT_FALSE(decision.goes_on);
    const std::optional<TcpSegment> told = parse_segment(decision.answer);
    ASSERT_TRUE(told);
    EXPECT_TRUE(told->acknowledges);
    EXPECT_EQ(told->expected, 1008U);
    EXPECT_TRUE(is_sound(decision.answer));
}

TEST_F(EgressTest, LearnsFromItsOwnNameServerAlone) {
    Egress egress = with({"a.example"});
    (void)egress.judge(asking("a.example"));
    const std::string message = dns_reply("a.example", {address_record(kServer)});
    std::string forged = bytes_of(
        {.from = "192.0.2.53", .to = "10.0.2.100", .protocol = IPPROTO_UDP, .payload = message});
    forged.replace(14 + 20, 2, test::word(53));
    egress.learn(forged);
    std::string other_port = test::reply_frame(message);
    other_port.replace(14 + 20, 2, test::word(54));
    egress.learn(other_port);
    EXPECT_FALSE(connects(egress, 443));
}

TEST_F(EgressTest, JudgesDatagramsAndEchoes) {
    Egress egress = with({"a.example", "time.example:123/udp"});
    const auto passes = [&](int protocol, std::uint16_t port) {
        return egress.judge(bytes_of({.to = kServer, .protocol = protocol, .port = port})).goes_on;
    };
    EXPECT_FALSE(passes(IPPROTO_ICMP, 0));
    resolve(egress, "a.example");
    EXPECT_TRUE(passes(IPPROTO_ICMP, 0));
    EXPECT_FALSE(passes(IPPROTO_UDP, 443)) << "QUIC hides the name";
    EXPECT_FALSE(passes(IPPROTO_UDP, 123));
    resolve(egress, "time.example");
    EXPECT_TRUE(passes(IPPROTO_UDP, 123));
}

TEST_F(EgressTest, LeavesTheNetworkItselfToThePolicy) {
    Egress egress = with({"a.example"});
    EXPECT_TRUE(egress.judge(bytes_of({.to = "10.0.2.2", .protocol = IPPROTO_ICMP})).goes_on);
    EXPECT_FALSE(egress.judge("no frame").goes_on);
}

TEST_F(EgressTest, OpensTheHostsLoopbackWhereARuleDoes) {
    Egress none = with({"a.example"});
    EXPECT_FALSE(connects(none, 80, "10.0.2.2"));
    Egress number = with({"10.0.2.2:5432", "a.example"});
    EXPECT_TRUE(connects(number, 5432, "10.0.2.2"));
    EXPECT_FALSE(connects(number, 80, "10.0.2.2"));
    Egress name = with({"host.containers.internal:8080"});
    EXPECT_TRUE(connects(name, 8080, "10.0.2.2"));
    EXPECT_FALSE(connects(name, 80, "10.0.2.2"));
    Egress denied = with({}, {"10.0.2.2"});
    EXPECT_FALSE(connects(denied, 80, "10.0.2.2"));
    Egress all = with({}, {"evil.example"});
    EXPECT_TRUE(connects(all, 80, "10.0.2.2"));
}

TEST_F(EgressTest, BreaksOffWhatItHasNotSeenBegin) {
    Egress egress = with({"a.example"});
    resolve(egress, "a.example");
    const Egress::Decision decision =
        egress.judge(test::segment({.to = kServer, .port = 443, .payload = "late"}, 1000, kAck));
    EXPECT_FALSE(decision.goes_on);
    EXPECT_TRUE(parse_segment(decision.answer)->breaks_off);
    EXPECT_TRUE(
        egress.judge(test::segment({.to = kServer, .port = 443, .payload = "early"}, 999, kSyn))
            .answer.empty());
}

}  // namespace
}  // namespace sbx::network
