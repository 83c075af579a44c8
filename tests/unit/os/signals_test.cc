#include "os/signals.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::os {
namespace {

using namespace std::string_view_literals;
using test::fails_saying;
using test::succeeds;

struct Named {
    std::string_view text;
    int number;
};

class Signals : public testing::TestWithParam<Named> {};

TEST_P(Signals, AreKnownByNameAndNumber) {
    const Result<int> number = parse_signal(GetParam().text);
    ASSERT_TRUE(succeeds(number));
    EXPECT_EQ(*number, GetParam().number);
}

INSTANTIATE_TEST_SUITE_P(
    All, Signals,
    testing::Values(Named{"TERM", SIGTERM}, Named{"SIGTERM", SIGTERM}, Named{"sigterm", SIGTERM},
                    Named{"15", SIGTERM}, Named{"1", 1}, Named{"64", 64}, Named{"WINCH", SIGWINCH},
                    Named{"IOT", SIGABRT}, Named{"CLD", SIGCHLD}, Named{"SIGPOLL", SIGIO},
                    Named{"RTMIN", 34}, Named{"SIGRTMIN+3", 37}, Named{"rtmin+30", 64},
                    Named{"RTMAX", 64}, Named{"RTMAX-0", 64}, Named{"RTMAX-30", 34}));

class BadSignals : public testing::TestWithParam<std::string_view> {};

TEST_P(BadSignals, AreNone) {
    EXPECT_TRUE(fails_saying(parse_signal(GetParam()), "is not a signal")) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(All, BadSignals,
                         testing::Values("", "0", "65", "-1", "015", "9 ", " 9", "SIGFOO", "SIG",
                                         "SIGSIGTERM", "TERM ", "TERM\0"sv, "RTMIN+31", "RTMIN+99",
                                         "RTMIN-1", "RTMIN+", "RTMIN3", "RTMAX+1", "RTMAX-31",
                                         "RTMIN+-1", "99999999999999999999"));

TEST(SignalName, IsReadBackAsTheSameSignal) {
    for (int number = 1; number <= 64; ++number)
        EXPECT_EQ(*parse_signal(signal_name(number)), number) << signal_name(number);
}

TEST(SignalName, IsTheUsualOne) {
    EXPECT_EQ(signal_name(SIGKILL), "SIGKILL");
    EXPECT_EQ(signal_name(34), "SIGRTMIN");
    EXPECT_EQ(signal_name(36), "SIGRTMIN+2");
    EXPECT_EQ(signal_name(32), "32") << "glibc keeps 32 and 33 for itself";
}

TEST(SignalNames, AreAllReadable) {
    EXPECT_GE(all_signal_names().size(), 31U);
    EXPECT_TRUE(std::ranges::all_of(all_signal_names(),
                                    [](auto name) { return parse_signal(name).has_value(); }));
}

}  // namespace
}  // namespace sbx::os
