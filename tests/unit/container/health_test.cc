#include "container/health.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/canary.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using namespace std::chrono_literals;
using test::fails_saying;
using test::succeeds;

constexpr Instant kStarted{1'000'000s};

HealthCheck check() {
    return {.config = {.test = {"CMD", "x"}, .start_period = 10s, .retries = 2}};
}

// After checks with those codes, the first of them so long after the start, each a second later.
Health after(const std::vector<int>& codes, std::chrono::seconds first = 60s) {
    Health health;
    Instant time = kStarted + first;
    for (const int code : codes) {
        health.add({.start = time, .end = time + 1ms, .exit_code = code}, check(), kStarted);
        time += 1s;
    }
    return health;
}

TEST(Health, BeginsUnknown) {
    EXPECT_EQ(Health().status, HealthStatus::starting);
    EXPECT_EQ(after({1}).status, HealthStatus::starting);
}

TEST(Health, IsGoodAfterOneSuccess) {
    EXPECT_EQ(after({0}).status, HealthStatus::healthy);
    EXPECT_EQ(after({1, 1, 1, 0}).status, HealthStatus::healthy);
    EXPECT_EQ(after({1, 1, 1, 0}).failing_streak, 0);
}

TEST(Health, IsBadAfterSoManyFailuresInARow) {
    EXPECT_EQ(after({1, 1}).status, HealthStatus::unhealthy);
    EXPECT_EQ(after({0, 1}).status, HealthStatus::healthy);
    EXPECT_EQ(after({0, 1, 0, 1}).status, HealthStatus::healthy);
    EXPECT_EQ(after({0, 1, HealthResult::kNone}).status, HealthStatus::unhealthy);
    EXPECT_EQ(after({0, 1, 137}).failing_streak, 2);
}

TEST(Health, ForgivesWhatFailsWhileItStarts) {
    EXPECT_EQ(after({1, 1, 1}, 1s).status, HealthStatus::starting);
    EXPECT_EQ(after({1, 1, 1}, 1s).failing_streak, 0);
    EXPECT_EQ(after({1, 1, 1}, 9s).status, HealthStatus::unhealthy) << "two of them are later";
    EXPECT_EQ(after({0, 1, 1}, 1s).status, HealthStatus::unhealthy) << "it had started by then";
}

TEST(Health, KeepsTheLastResults) {
    const Health health = after({1, 2, 3, 4, 5, 6, 7});
    ASSERT_EQ(health.log.size(), Health::kMostResults);
    EXPECT_EQ(health.log.front().exit_code, 3);
    EXPECT_EQ(health.log.back().exit_code, 7);
}

TEST(Health, GoesThroughJsonWhole) {
    Health health = after({1, 0});
    health.log.back().output = "fine\n";
    const Json json = to_json(health);
    EXPECT_EQ(json.dump(),
              R"({"Status":"healthy","FailingStreak":0,"Log":[)"
              R"({"Start":"1970-01-12T13:47:40Z","End":"1970-01-12T13:47:40.001Z","ExitCode":1,)"
              R"("Output":""},)"
              R"({"Start":"1970-01-12T13:47:41Z","End":"1970-01-12T13:47:41.001Z","ExitCode":0,)"
              R"("Output":"fine\n"}]})");
    const Result<Health> again = health_from(json);
    ASSERT_TRUE(succeeds(again));
    EXPECT_EQ(to_json(*again).dump(), json.dump());
}

TEST(Health, ThatIsDamagedIsNamed) {
    EXPECT_TRUE(fails_saying(parse_health_status("fine"), "'fine' is not starting, healthy"));
    EXPECT_FALSE(health_from(Json::object()));
    EXPECT_FALSE(health_from(Json::object().set("Status", "fine").set("FailingStreak", 0)));
    EXPECT_FALSE(health_from(to_json(Health()).set("Log", Json::array().push(Json::object()))));
}

TEST(Health, IsKeptInAFolder) {
    const test::Scratch scratch;
    const os::Fd folder = os::open_directory(os::FdView::cwd(), scratch.path()).value();
    EXPECT_FALSE(read_health(folder));
    {
        const os::Lock lock = lock_health(folder).value();
        ASSERT_TRUE(succeeds(write_health(folder, after({1, 1}))));
    }
    EXPECT_EQ(read_health(folder)->status, HealthStatus::unhealthy);
    ASSERT_TRUE(succeeds(os::write_atomic(folder, "health.json", "{\"Status\":")));
    EXPECT_FALSE(read_health(folder)) << "it is not whole";
}

}  // namespace
}  // namespace sbx::container
