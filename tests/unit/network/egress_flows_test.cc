#include "network/egress_flows.h"

#include <gtest/gtest.h>

#include "support/speech.h"

namespace sbx::network {
namespace {

using Step = EgressFlows::Step;
using What = Spoken::What;
using test::client_hello;
using test::Frame;
using test::kAck;
using test::kFin;
using test::kRst;
using test::kSyn;
using test::server_name;

constexpr std::uint32_t kFirst = 1000;  // number of the first byte of the container's words

class EgressFlowsTest : public ::testing::Test {
protected:
    void SetUp() override { begin(kFirst); }

    void begin(std::uint32_t first) {
        flows_.begin(*parse_segment(test::segment({}, first - 1, kSyn)));
        flows_.answer(*parse_segment(test::beginning_back({}, first)));
    }

    EgressFlows::Outcome take(std::size_t at, const std::string& bytes, char flags = kAck) {
        return take_frame(test::segment({.payload = bytes}, kFirst + at, flags));
    }

    EgressFlows::Outcome take_frame(const std::string& frame) {
        return flows_.take(*parse_segment(frame), frame,
                           [this](const TcpSegment&, const Spoken& spoken) {
                               spoken_ = spoken;
                               return allows_;
                           });
    }

    static std::string payloads(const std::vector<std::string>& frames) {
        std::string all;
        for (const std::string& frame : frames)
            all += parse_segment(frame)->bytes;
        return all;
    }

    EgressFlows flows_;
    std::optional<Spoken> spoken_;
    bool allows_ = true;
};

TEST_F(EgressFlowsTest, GoOnOnceTheyHaveSaidTheName) {
    const std::string hello = client_hello(server_name("a.example"));
    EXPECT_EQ(take(0, "").step, Step::goes_on) << "an acknowledgement";
    const EgressFlows::Outcome first = take(0, hello.substr(0, 9));
    EXPECT_EQ(first.step, Step::held);
    EXPECT_EQ(first.number, kFirst + 9) << "the container is told so";
    EXPECT_FALSE(spoken_);
    const EgressFlows::Outcome outcome = take(9, hello.substr(9));
    EXPECT_EQ(outcome.step, Step::goes_on);
    EXPECT_EQ(payloads(outcome.held), hello.substr(0, 9));
    EXPECT_EQ(spoken_->name, "a.example");
    EXPECT_TRUE(take(hello.size(), "all else").held.empty());
}

TEST_F(EgressFlowsTest, ShowTheOtherSideWhatWasJudgedAlone) {
    const std::string good = client_hello(server_name("a.example"));
    const std::string evil = client_hello(server_name("b.example"));
    EXPECT_EQ(take(40, evil.substr(40)).step, Step::of_no_use) << "ahead of its turn";
    EXPECT_EQ(take(0, good.substr(0, 60)).step, Step::held);
    EXPECT_EQ(take(0, evil).step, Step::of_no_use) << "other bytes in their place";
    EXPECT_EQ(take(20, evil.substr(20)).step, Step::of_no_use) << "across what is there";
    const EgressFlows::Outcome outcome = take(60, good.substr(60));
    EXPECT_EQ(payloads(outcome.held) + good.substr(60), good);
    EXPECT_EQ(spoken_->name, "a.example");
}

TEST_F(EgressFlowsTest, EndWhereTheyAreRefused) {
    allows_ = false;
    EXPECT_EQ(take(0, "GET / HT").step, Step::held);
    const EgressFlows::Outcome outcome = take(8, "TP/1.1\r\nHost: b.example\r\n\r\n");
    EXPECT_EQ(outcome.step, Step::refused);
    EXPECT_TRUE(outcome.held.empty());
    EXPECT_EQ(outcome.number, kFirst);
    EXPECT_EQ(take(30, "more").step, Step::unknown);
}

TEST_F(EgressFlowsTest, HaveToSayItInTime) {
    allows_ = false;
    EXPECT_EQ(take(0, "GET /" + std::string(60000, 'a')).step, Step::refused);
    EXPECT_EQ(spoken_->what, What::nameless);
    begin(kFirst);
    EXPECT_EQ(take(0, "GET / HTTP/1.1\r\n", kAck | kFin).step, Step::refused) << "nothing follows";
    flows_ = {};
    begin(kFirst);
    Step last = Step::held;
    for (std::size_t i = 0; i < 300 && last == Step::held; ++i)
        last = take(i, i == 0 ? "G" : i == 1 ? "E" : i == 2 ? "T" : i == 3 ? " " : "x").step;
    EXPECT_EQ(last, Step::refused);
}

TEST_F(EgressFlowsTest, AreKnownByTheirBeginning) {
    const std::string other =
        test::segment({.to = "2.2.2.2", .payload = "GET / HTTP/1.1\r\n\r\n"}, kFirst, kAck);
    const auto never = [](const TcpSegment&, const Spoken&) { return true; };
    EXPECT_EQ(flows_.take(*parse_segment(other), other, never).step, Step::unknown);
    EXPECT_EQ(take(0, "", kRst).step, Step::goes_on);
    EXPECT_EQ(take(0, "x").step, Step::unknown) << "it was broken off";
}

// Each would be dropped by the other side, and other bytes taken in their place.
TEST_F(EgressFlowsTest, KeepNothingThatTheOtherSideWillNotTake) {
    const Frame words{.payload = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"};
    std::string broken = test::segment(words, kFirst, kAck);
    broken.back() ^= 1;
    EXPECT_EQ(take_frame(broken).step, Step::of_no_use);
    std::string header = test::segment(words, kFirst, kAck);
    header[14 + 8] = 9;
    EXPECT_EQ(take_frame(header).step, Step::of_no_use);
    EXPECT_EQ(take_frame(test::segment(words, kFirst, 0)).step, Step::of_no_use);
    EXPECT_EQ(take_frame(test::segment(words, kFirst, kAck | 32)).step, Step::of_no_use) << "URG";
    EXPECT_EQ(take_frame(test::segment(words, kFirst, kAck, 78)).step, Step::of_no_use)
        << "it answers to what was not said";
    EXPECT_FALSE(spoken_);
    EXPECT_EQ(take_frame(test::segment(words, kFirst, kAck)).step, Step::goes_on);
}

TEST_F(EgressFlowsTest, AreOpenOnceTheOtherSideSaysSo) {
    flows_ = {};
    flows_.begin(*parse_segment(test::segment({}, kFirst - 1, kSyn)));
    EXPECT_EQ(take(0, "SSH-2.0-x\r\n").step, Step::of_no_use);
    flows_.answer(*parse_segment(test::beginning_back({}, kFirst + 7)));
    EXPECT_EQ(take(0, "SSH-2.0-x\r\n").step, Step::of_no_use) << "it answers another one";
    flows_.answer(*parse_segment(test::beginning_back({}, kFirst)));
    EXPECT_EQ(take(0, "GET").step, Step::held);
    flows_.begin(*parse_segment(test::segment({}, kFirst - 1, kSyn)));
    EXPECT_EQ(take(3, " /").step, Step::held) << "asked again, it is the same";
    flows_.begin(*parse_segment(test::segment({}, 5000, kSyn)));
    const std::string ahead = test::segment({.payload = "SSH-2.0-x\r\n"}, 5001, kAck);
    EXPECT_EQ(take_frame(ahead).step, Step::of_no_use) << "the other side is where it was";
}

TEST_F(EgressFlowsTest, AreJudgedAnewWhereTheyBeginAnew) {
    EXPECT_EQ(take(0, "SSH-2.0-x\r\n").step, Step::goes_on);
    begin(kFirst);
    EXPECT_EQ(take(0, "GET").step, Step::held);
}

TEST_F(EgressFlowsTest, SpeakOtherThings) {
    EXPECT_EQ(take(0, "SSH-2.0-x\r\n").step, Step::goes_on);
    EXPECT_EQ(spoken_->what, What::other);
}

TEST_F(EgressFlowsTest, AreNotKeptWithoutBound) {
    for (std::uint32_t i = 0; i < 9000; ++i)
        flows_.begin({.course = {.source_port = static_cast<std::uint16_t>(i % 60000),
                                 .port = static_cast<std::uint16_t>(80 + i / 60000)},
                      .begins = true});
    EXPECT_EQ(take(0, "x").step, Step::unknown) << "the one that was used last longest ago";
}

}  // namespace
}  // namespace sbx::network
