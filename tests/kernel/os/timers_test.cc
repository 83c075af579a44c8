#include "os/timers.h"

#include <string>

#include <gtest/gtest.h>

namespace sbx::os {
namespace {

using std::chrono::milliseconds;

TEST(Timers, RunInTheOrderOfTheirTimes) {
    Poll poll;
    const Result<std::unique_ptr<Timers>> timers = Timers::open(poll);
    ASSERT_TRUE(timers) << timers.error().text();
    std::string order;
    (*timers)->after(milliseconds(20), [&] { order += "c"; });
    (*timers)->after(milliseconds(0), [&] { order += "a"; });
    (*timers)->after(milliseconds(10), [&] { order += "b"; });
    while (order.size() < 3)
        ASSERT_TRUE(poll.wait());
    EXPECT_EQ(order, "abc");
}

TEST(Timers, ACancelledOneNeverRuns) {
    Poll poll;
    const Result<std::unique_ptr<Timers>> timers = Timers::open(poll);
    ASSERT_TRUE(timers) << timers.error().text();
    bool cancelled_ran = false;
    bool other_ran = false;
    const Timers::Id id = (*timers)->after(milliseconds(1), [&] { cancelled_ran = true; });
    (*timers)->after(milliseconds(5), [&] { other_ran = true; });
    (*timers)->cancel(id);
    while (!other_ran)
        ASSERT_TRUE(poll.wait());
    EXPECT_FALSE(cancelled_ran);
}

TEST(Timers, OneMayStartAnotherForTheNextRound) {
    Poll poll;
    const Result<std::unique_ptr<Timers>> timers = Timers::open(poll);
    ASSERT_TRUE(timers) << timers.error().text();
    int rounds = 0;
    (*timers)->after(milliseconds(0),
                     [&] { (*timers)->after(milliseconds(0), [&] { ++rounds; }); });
    ASSERT_TRUE(poll.wait());
    EXPECT_EQ(rounds, 0);
    ASSERT_TRUE(poll.wait());
    EXPECT_EQ(rounds, 1);
}

TEST(Timers, LeaveThePollWhenTheyGo) {
    Poll poll;
    {
        const Result<std::unique_ptr<Timers>> timers = Timers::open(poll);
    }
    EXPECT_TRUE(poll.empty());
}

}  // namespace
}  // namespace sbx::os
