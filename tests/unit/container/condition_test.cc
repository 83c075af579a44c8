#include "container/condition.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

Status in(State state) { return {.state = state}; }

TEST(Condition, IsKnownByPodmansAndDockersWords) {
    EXPECT_EQ(parse_condition("exited").value(), Condition::stopped);
    EXPECT_EQ(parse_condition("stopped").value(), Condition::stopped);
    EXPECT_EQ(parse_condition("removing").value(), Condition::removed);
    EXPECT_EQ(parse_condition("configured").value(), Condition::created);
    for (const char* bad : {"", "Running", "stopping", "running ", "next-exit"})
        EXPECT_TRUE(parse_condition(bad).failed_as(Error::Kind::usage)) << bad;
}

TEST(Condition, IsThatOfTheStatus) {
    EXPECT_TRUE(fulfils(in(State::created), Condition::created));
    EXPECT_FALSE(fulfils(in(State::created), Condition::stopped));
    EXPECT_TRUE(fulfils(in(State::exited), Condition::stopped));
    EXPECT_TRUE(fulfils(in(State::running), Condition::running));
    EXPECT_FALSE(fulfils(in(State::running), Condition::paused));
    for (const State state : {State::created, State::running, State::exited})
        EXPECT_FALSE(fulfils(in(state), Condition::removed));
}

TEST(Condition, OfOneThatStandsStillIsPausedAlone) {
    Status paused = in(State::running);
    paused.paused = true;
    EXPECT_TRUE(fulfils(paused, Condition::paused));
    EXPECT_FALSE(fulfils(paused, Condition::running));
}

TEST(Condition, OfHealthIsThatOfTheLastChecks) {
    Status status = in(State::running);
    EXPECT_FALSE(fulfils(status, Condition::healthy));
    status.health = Health{.status = HealthStatus::starting};
    EXPECT_FALSE(fulfils(status, Condition::healthy));
    EXPECT_FALSE(fulfils(status, Condition::unhealthy));
    status.health->status = HealthStatus::unhealthy;
    EXPECT_TRUE(fulfils(status, Condition::unhealthy));
    EXPECT_FALSE(fulfils(status, Condition::healthy));
}

}  // namespace
}  // namespace sbx::container
