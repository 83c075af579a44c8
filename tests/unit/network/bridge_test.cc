#include "network/bridge.h"

#include <gtest/gtest.h>

#include "network/dns.h"
#include "network/neighbours.h"
#include "support/members.h"

namespace sbx::network {
namespace {

using test::address;
using test::applicant;
using test::Frame;
using test::sent;
using Way = Bridge::Decision::Way;

constexpr int kTcp = IPPROTO_TCP;
constexpr int kUdp = IPPROTO_UDP;
constexpr int kIcmp = IPPROTO_ICMP;
constexpr int kIcmp6 = IPPROTO_ICMPV6;

class BridgeTest : public testing::Test {
protected:
    BridgeTest() { begin(test::shared_network()); }

    // With "web", 10.89.0.2, at port 1, and "db", 10.89.0.3, at port 2.
    void begin(SharedNetwork network, Application first = applicant("web", 'b')) {
        members_ = std::make_unique<Members>(std::move(network));
        bridge_ = std::make_unique<Bridge>(
            *members_, [](const Address& to) { return to.text() == "192.0.2.2"; });
        web_ = *members_->admit(1, std::move(first));
        db_ = *members_->admit(2, applicant("db", 'c'));
    }

    Bridge::Decision judged(const Frame& frame) const {
        return bridge_->judge(*web_, sent(frame, web_->place));
    }
    Way way_of(const Frame& frame) const { return judged(frame).way; }

    // What is answered to a question of "web": its flags and answers, and the addresses in it.
    std::string asked(const std::string& name, std::size_t type = 1,
                      const char* server = "10.89.0.254") const {
        const bool v6 = address(server).is_v6();
        std::string labels;
        for (std::string_view rest = name; !rest.empty();) {
            const std::string_view label = rest.substr(0, rest.find('.'));
            labels += static_cast<char>(label.size());
            labels += label;
            rest.remove_prefix(std::min(rest.size(), label.size() + 1));
        }
        const Frame frame = {.from = v6 ? "fd00:1::2" : "10.89.0.2",
                             .to = server,
                             .protocol = kUdp,
                             .port = 53,
                             .payload = test::word(9) + test::word(0x100) + test::word(1) +
                                        std::string(6, '\0') + labels + '\0' + test::word(type) +
                                        test::word(1)};
        Bridge::Decision decision = judged(frame);
        if (decision.way == Way::name) {
            EXPECT_EQ(decision.answer, frame.payload);
            decision = bridge_->judge_unknown(sent(frame, web_->place));
        }
        if (decision.way != Way::answer)
            return decision.way == Way::stack ? "(asked on)" : "(none)";
        const std::size_t payload = 14 + (v6 ? 40U : 20U) + 8;
        const auto code = static_cast<unsigned>(decision.answer[payload + 3]) & 0xfU;
        std::string text = fmt::format("{}:", code);
        std::string_view rest = std::string_view(decision.answer).substr(payload + 12);
        rest.remove_prefix(labels.size() + 1 + 4);
        while (rest.size() >= 12) {
            const auto size = static_cast<std::size_t>(rest[11]);
            const std::string_view data = rest.substr(12, size);
            text += " " +
                    (size == 4 || size == 16 ? Address::of_bytes(data).text() : std::string(data));
            rest.remove_prefix(12 + size);
        }
        return text;
    }

    std::unique_ptr<Members> members_;
    std::unique_ptr<Bridge> bridge_;
    const Member* web_ = nullptr;
    const Member* db_ = nullptr;
};

TEST_F(BridgeTest, HandsOnWhatIsForAMember) {
    for (const int protocol : {kTcp, kUdp, kIcmp, 132}) {
        const auto decision =
            judged({.from = "10.89.0.2", .to = "10.89.0.3", .protocol = protocol});
        EXPECT_EQ(decision.way, Way::member) << protocol;
        EXPECT_EQ(decision.port, 2U);
    }
    EXPECT_EQ(way_of({.from = "10.89.0.2", .to = "10.89.0.3", .fragment = 0x2000}), Way::member)
        << "fragments are for the member to put together";
    EXPECT_EQ(way_of({.from = "fd00:1::2", .to = "fd00:1::3", .protocol = kUdp}), Way::member);
    EXPECT_EQ(way_of({.from = "fd00:1::2", .to = "fd00:1::3", .protocol = kIcmp6, .icmp = 129}),
              Way::member);
}

TEST_F(BridgeTest, DropsWhatDoesNotComeFromItsOwnAddresses) {
    for (const char* from : {"10.89.0.3", "10.89.0.1", "10.89.0.254", "10.89.0.9", "1.1.1.1",
                             "0.0.0.0", "127.0.0.1"}) {
        EXPECT_EQ(way_of({.from = from, .to = "10.89.0.3"}), Way::drop) << from;
        EXPECT_EQ(way_of({.from = from, .to = "1.1.1.1"}), Way::drop) << from;
    }
    EXPECT_EQ(way_of({.from = "fd00:1::3", .to = "fd00:1::3"}), Way::drop);
    const std::string foreign = sent({.from = "10.89.0.2", .to = "10.89.0.3"}, db_->place);
    EXPECT_EQ(bridge_->judge(*web_, foreign).way, Way::drop) << "another one's device";
    EXPECT_EQ(way_of({.from = "10.89.0.2", .to = "10.89.0.2"}), Way::drop) << "to itself";
}

TEST_F(BridgeTest, HandsOnNothingAboutNeighbours) {
    for (const int type : {133, 134, 135, 136, 137})
        EXPECT_EQ(way_of({.from = "fd00:1::2",
                          .to = "fd00:1::3",
                          .protocol = kIcmp6,
                          .icmp = type,
                          .payload = address("fd00:1::9").bytes()}),
                  Way::drop)
            << type;
    EXPECT_EQ(way_of({.from = "fd00:1::2", .to = "fd00:1::3", .protocol = 44}), Way::drop)
        << "which a fragment may hide";
    const std::string reply =
        test::arp_request(web_->place, address("10.89.0.1"), address("10.89.0.3"), 2);
    EXPECT_EQ(bridge_->judge(*web_, reply).way, Way::drop);
}

TEST_F(BridgeTest, AnswersForTheOthersAndItself) {
    const auto asks = [&](const char* wanted) {
        return bridge_->judge(
            *web_, test::arp_request(web_->place, address("10.89.0.2"), address(wanted)));
    };
    EXPECT_EQ(asks("10.89.0.3").answer.substr(22, 6), db_->place.hardware);
    for (const char* own : {"10.89.0.1", "10.89.0.254"})
        EXPECT_EQ(asks(own).answer.substr(22, 6), bridge_->own_hardware());
    for (const char* nobody : {"10.89.0.9", "10.89.0.2", "1.1.1.1"})
        EXPECT_EQ(asks(nobody).way, Way::drop) << nobody;
    const auto decision = bridge_->judge(
        *web_, test::solicitation(web_->place, address("fd00:1::2"), address("fd00:1::3")));
    EXPECT_EQ(decision.way, Way::answer);
    EXPECT_TRUE(decision.answer.ends_with(db_->place.hardware));
}

TEST_F(BridgeTest, AnswersNobodyWhoAsksInAnothersName) {
    for (const char* sender : {"10.89.0.3", "10.89.0.1"})
        EXPECT_EQ(bridge_
                      ->judge(*web_, test::arp_request(web_->place, address(sender),
                                                       address("10.89.0.254")))
                      .way,
                  Way::drop);
    std::string frame = test::arp_request(db_->place, address("10.89.0.2"), address("10.89.0.1"));
    frame.replace(6, 6, web_->place.hardware);  // the frame's own, but not the message's
    EXPECT_EQ(bridge_->judge(*web_, frame).way, Way::drop);
}

TEST_F(BridgeTest, SendsOutWhatThePolicyLetsPass) {
    EXPECT_EQ(way_of({.from = "10.89.0.2", .to = "1.1.1.1"}), Way::stack);
    EXPECT_EQ(way_of({.from = "fd00:1::2", .to = "2606::1"}), Way::stack);
    EXPECT_EQ(way_of({.from = "10.89.0.2", .to = "10.89.0.1", .protocol = kIcmp}), Way::stack);
    for (const char* closed :
         {"192.0.2.2", "127.0.0.1", "169.254.169.254", "10.89.0.1", "10.89.0.254", "10.89.0.9"})
        EXPECT_EQ(way_of({.from = "10.89.0.2", .to = closed}), Way::answer) << closed;
    for (const char* many : {"224.0.0.251", "255.255.255.255", "10.89.0.255"})
        EXPECT_EQ(way_of({.from = "10.89.0.2", .to = many, .protocol = kUdp}), Way::drop) << many;
}

TEST_F(BridgeTest, SendsNothingOutOfAnInternalNetwork) {
    SharedNetwork network = test::shared_network();
    network.internal = true;
    begin(network);
    for (const char* to : {"1.1.1.1", "10.89.0.1"})
        for (const int protocol : {kTcp, kUdp, kIcmp})
            EXPECT_EQ(way_of({.from = "10.89.0.2", .to = to, .protocol = protocol}), Way::answer);
    EXPECT_EQ(way_of({.from = "10.89.0.2", .to = "10.89.0.3"}), Way::member);
    EXPECT_EQ(asked("db"), "0: 10.89.0.3");
    EXPECT_EQ(asked("example.org"), "3:");
    EXPECT_EQ(way_of({.from = "10.89.0.2", .to = "10.89.0.254", .port = 53}), Way::answer)
        << "also not by a stream";
}

TEST_F(BridgeTest, KnowsTheNamesOfMembers) {
    EXPECT_EQ(asked("db"), "0: 10.89.0.3");
    EXPECT_EQ(asked("DB"), "0: 10.89.0.3");
    EXPECT_EQ(asked("db", 28), "0: fd00:1::3");
    EXPECT_EQ(asked("db", 28, "fd00:1::fe"), "0: fd00:1::3");
    EXPECT_EQ(asked("db", 15), "0:");
    EXPECT_EQ(asked("3.0.89.10.in-addr.arpa", 12), "0: 2.100.98.0") << "the bytes of a name";
    EXPECT_EQ(asked("9.0.89.10.in-addr.arpa", 12), "3:");
    for (const char* other : {"example.org", "nobody", "1.1.1.1.in-addr.arpa"})
        EXPECT_EQ(asked(other), "(asked on)") << other;
}

TEST_F(BridgeTest, LeavesNamesToOthersWhereItIsNotToKnowThem) {
    SharedNetwork network = test::shared_network();
    network.names = false;
    begin(network);
    EXPECT_EQ(asked("db"), "(asked on)");
    network.internal = true;
    begin(network);
    EXPECT_EQ(asked("db"), "3:");
}

TEST_F(BridgeTest, TellsOtherNetworksWhatItKnows) {
    const auto question = [](const std::string& labels) {
        return test::word(9) + test::word(0x100) + test::word(1) + std::string(6, '\0') + labels +
               '\0' + test::word(1) + test::word(1);
    };
    EXPECT_TRUE(bridge_->answer_other(question("\2db")).ends_with(address("10.89.0.3").bytes()));
    EXPECT_EQ(bridge_->answer_other(question("\7nothing")), "");
    for (const char* message : {"", "x", "garbage of some length"})
        EXPECT_EQ(bridge_->answer_other(message), "") << message;
}

TEST_F(BridgeTest, HandsOnWhatAnotherNetworkKnows) {
    const std::string frame = sent({.from = "10.89.0.2",
                                    .to = "10.89.0.254",
                                    .protocol = kUdp,
                                    .port = 53,
                                    .payload = "question"},
                                   web_->place);
    const std::string answer = Bridge::answered(frame, "answer");
    EXPECT_TRUE(answer.ends_with("answer"));
    EXPECT_EQ(answer.substr(0, 6), web_->place.hardware);
    EXPECT_EQ(Bridge::answered("x", "answer"), "");
}

TEST_F(BridgeTest, LeavesWhatIsNoQuestionToOthers) {
    EXPECT_EQ(way_of({.from = "10.89.0.2",
                      .to = "10.89.0.254",
                      .protocol = kUdp,
                      .port = 53,
                      .payload = "garbage"}),
              Way::stack);
}

TEST_F(BridgeTest, DropsWhatIsNoPacket) {
    for (const std::size_t size : {0U, 5U, 13U, 14U, 20U, 33U}) {
        const std::string frame = sent({.from = "10.89.0.2", .to = "10.89.0.3"}, web_->place);
        EXPECT_EQ(bridge_->judge(*web_, frame.substr(0, size)).way, Way::drop) << size;
    }
    std::string other = sent({.from = "10.89.0.2", .to = "10.89.0.3"}, web_->place);
    other.replace(12, 2, "\x81\x01");  // of VLANs
    EXPECT_EQ(bridge_->judge(*web_, other).way, Way::drop);
}

TEST_F(BridgeTest, TakesFromTheStackWhatIsForAMember) {
    const auto from_stack = [&](const Frame& frame) {
        return bridge_->judge_from_stack(bytes_of(frame));
    };
    EXPECT_EQ(from_stack({.from = "1.1.1.1", .to = "10.89.0.3"}).port, 2U);
    EXPECT_EQ(from_stack({.from = "1.1.1.1", .to = "10.89.0.9"}).way, Way::drop);
    EXPECT_EQ(
        from_stack({.from = "fd00:1::1", .to = "ff02::1", .protocol = kIcmp6, .icmp = 134}).way,
        Way::drop);
    const Place stack{.hardware = bridge_->own_hardware()};
    const auto who =
        bridge_->judge_from_stack(test::arp_request(stack, address("10.89.0.1"), db_->place.v4));
    EXPECT_EQ(who.way, Way::answer);
    EXPECT_EQ(who.answer.substr(22, 6), db_->place.hardware);
    EXPECT_EQ(
        bridge_
            ->judge_from_stack(test::arp_request(stack, address("10.89.0.1"), address("10.89.0.9")))
            .way,
        Way::drop);
}

}  // namespace
}  // namespace sbx::network
