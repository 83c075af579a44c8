#include "network/quota.h"

#include <gtest/gtest.h>

#include "network/settings.h"
#include "network/transport.h"
#include "support/members.h"
#include "support/speech.h"

namespace sbx::network {
namespace {

using test::address;
using test::Frame;
using test::kAck;
using test::kSyn;

constexpr const char* kMany =
    "  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\n"
    "  TCP[ESTABLISHED]   12      10.0.2.100  4000         1.1.1.1    80     0     0\n"
    "  TCP[TIME_WAIT]     13      10.0.2.100  4001         1.1.1.1    80     0     0\n"
    "  TCP[SYN_SENT]      14      10.0.2.101  4001         1.1.1.1    80     0     0\n"
    "  TCP[SYN_SENT]      15               *  4001         0.0.0.0    80     0     0\n"
    "  UDP[239 sec]       16      10.0.2.100  4001         1.1.1.1    53     0     0\n"
    "  ICMP[9 sec]        17      10.0.2.100  -            1.1.1.1  -        0     0\n";

TEST(Connections, AreThoseOfTcp) {
    EXPECT_EQ(
        parse_connections(kMany),
        (Connections{
            .all = 4,
            .of = {{address("10.0.2.100"), 2}, {address("10.0.2.101"), 1}, {address("::"), 1}}}));
}

TEST(Connections, AreNoneOfWhatIsNoList) {
    for (const char* text : {"", "\n\n", "TCP[", "TCP[SYN_SENT] 14", "garbage of a kind"})
        EXPECT_EQ(parse_connections(text), Connections()) << text;
    EXPECT_EQ(parse_connections("TCP[ x y").of, (decltype(Connections::of){{address("::"), 1}}));
}

// A stack whose connections stay until they are over.
class QuotaTest : public testing::Test {
protected:
    bool begins(const std::string& from = "10.0.2.100") {
        const Quota::Decision decision =
            quota_.judge(test::segment({.from = from}, 1000, kSyn), now_);
        if (!decision.goes_on) return false;
        ++there_.all;
        ++there_.of[address(from.c_str())];
        return true;
    }

    std::size_t begin(std::size_t number, const std::string& from = "10.0.2.100") {
        std::size_t begun = 0;
        for (std::size_t i = 0; i < number; ++i)
            begun += begins(from) ? 1 : 0;
        return begun;
    }

    bool passes(const Frame& frame) { return quota_.judge(test::bytes_of(frame), now_).goes_on; }

    Quota::Time now_ = Quota::Time(std::chrono::hours(1));
    Connections there_ = {};
    int counts_ = 0;
    Quota quota_ = Quota(Settings().layout(), [this] {
        ++counts_;
        return there_;
    });
};

TEST_F(QuotaTest, HasRoomForSoManyConnections) {
    EXPECT_EQ(begin(6000), Quota::kMostConnections);
    const Quota::Decision decision = quota_.judge(test::segment({}, 1000, kSyn), now_);
    EXPECT_FALSE(decision.goes_on);
    const std::optional<TcpSegment> answer = parse_segment(decision.answer);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->breaks_off);
    EXPECT_EQ(answer->expected, 1001U);
    EXPECT_EQ(answer->course.destination.text(), "10.0.2.100");
}

TEST_F(QuotaTest, LetsThoseThatAreThereGoOn) {
    (void)begin(6000);
    EXPECT_TRUE(quota_.judge(test::segment({.payload = "x"}, 1001, kAck), now_).goes_on);
    EXPECT_TRUE(quota_.judge(test::segment({}, 1001, kSyn | 4), now_).goes_on) << "it begins none";
}

TEST_F(QuotaTest, KnowsWhatIsOver) {
    (void)begin(6000);
    there_ = {};
    EXPECT_FALSE(begins()) << "it has counted just now";
    now_ += std::chrono::milliseconds(100);
    EXPECT_TRUE(begins());
}

TEST_F(QuotaTest, CountsSeldom) {
    (void)begin(Quota::kMostConnections);
    EXPECT_EQ(counts_, 0);
    (void)begin(1000);
    EXPECT_EQ(counts_, 1);
}

TEST_F(QuotaTest, GivesNoMemberAllOfThem) {
    quota_.share_among(1);
    EXPECT_EQ(begin(6000), Quota::kMostConnections / 2) << "another one may come";
    EXPECT_EQ(begin(100, "10.0.2.101"), 100U);
    quota_.share_among(100);
    EXPECT_EQ(begin(6000, "10.0.2.102"), Quota::kLeastShare);
    EXPECT_EQ(begin(6000, "10.0.2.103"), Quota::kLeastShare);
}

TEST_F(QuotaTest, TakesThoseOfIpv6Together) {
    quota_.share_among(2);
    const auto goes_on = [&](const char* from) {
        const std::string frame = test::segment({.from = from, .to = "2001:db8::1"}, 1000, kSyn);
        return quota_.judge(frame, now_).goes_on;
    };
    there_ = {.all = 2500, .of = {{address("::"), 2500}}};
    for (int i = 0; i < 2500; ++i)
        EXPECT_TRUE(goes_on("fd00::100"));
    EXPECT_FALSE(goes_on("fd00::101"));
    EXPECT_TRUE(begins());
}

TEST_F(QuotaTest, DropsDatagramsWhereThereAreManySockets) {
    const Frame datagram{.protocol = IPPROTO_UDP};
    const Frame echo{.protocol = IPPROTO_ICMP};
    quota_.note_sockets(Quota::kMostSockets);
    EXPECT_TRUE(passes(datagram));
    quota_.note_sockets(Quota::kMostSockets + 1);
    EXPECT_FALSE(passes(datagram));
    EXPECT_FALSE(passes(echo));
    EXPECT_TRUE(begins());
    EXPECT_EQ(quota_.judge(test::bytes_of(datagram), now_).answer, "");
    quota_.note_sockets(0);
    EXPECT_TRUE(passes(datagram));
}

TEST_F(QuotaTest, LeavesRoomForQuestions) {
    const Frame question{.to = "10.0.2.3", .protocol = IPPROTO_UDP, .port = 53, .payload = "name"};
    const Frame elsewhere{.to = "1.1.1.1", .protocol = IPPROTO_UDP, .port = 53, .payload = "name"};
    quota_.note_sockets(Quota::kMostSockets + 1);
    EXPECT_TRUE(passes(question));
    EXPECT_FALSE(passes(elsewhere));
    quota_.note_sockets(Quota::kMostSockets + Quota::kSocketsForNames + 1);
    EXPECT_FALSE(passes(question));
}

TEST_F(QuotaTest, HasNothingToDoWithWhatIsNoPacket) {
    (void)begin(6000);
    quota_.note_sockets(9000);
    for (const std::string& frame :
         {std::string(), std::string("short"), test::ethernet(0x0800) + std::string(60, '\xff')})
        EXPECT_TRUE(quota_.judge(frame, now_).goes_on);
}

}  // namespace
}  // namespace sbx::network
