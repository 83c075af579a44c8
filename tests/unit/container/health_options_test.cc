#include "container/health_options.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using namespace std::chrono_literals;
using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;
using Image = std::optional<oci::Healthcheck>;

HealthCheck composed(const HealthOptions& options, const Image& image = {}) {
    Result<std::optional<HealthCheck>> check = compose_health(options, image);
    EXPECT_TRUE(succeeds(check));
    EXPECT_TRUE(*check);
    return **check;
}

Strings test_of(const std::string& command) { return composed({.command = command}).config.test; }

testing::AssertionResult refused(const HealthOptions& options, std::string_view words) {
    return fails_saying(compose_health(options, {}), words);
}

TEST(HealthOptions, OfNothingAskForNothing) {
    EXPECT_FALSE(compose_health({}, {}).value());
    EXPECT_FALSE(compose_health({}, oci::Healthcheck{.interval = 1s}).value());
    EXPECT_FALSE(compose_health({}, oci::Healthcheck{.test = {"NONE"}}).value());
}

TEST(HealthOptions, HaveDockersDefaults) {
    const HealthCheck check = composed({.command = "true"});
    EXPECT_EQ(check.config.interval, 30s);
    EXPECT_EQ(check.config.timeout, 30s);
    EXPECT_EQ(check.config.start_period, 0s);
    EXPECT_EQ(check.config.start_interval, 5s);
    EXPECT_EQ(check.config.retries, 3);
    EXPECT_EQ(check.on_failure, HealthCheck::Action::none);
}

TEST(HealthOptions, TakeACommandForTheShellOrInWords) {
    EXPECT_EQ(test_of("curl -f localhost || exit 1"),
              (Strings{"CMD-SHELL", "curl -f localhost || exit 1"}));
    EXPECT_EQ(test_of("CMD-SHELL curl -f x || exit 1"),
              (Strings{"CMD-SHELL", "curl -f x || exit 1"}));
    EXPECT_EQ(test_of("CMD curl  -f x"), (Strings{"CMD", "curl", "-f", "x"}));
    EXPECT_EQ(test_of("[ -f /ready ]"), (Strings{"CMD-SHELL", "[ -f /ready ]"}));
    EXPECT_EQ(test_of(R"(["curl", "-f"])"), (Strings{"CMD", "curl", "-f"}));
    EXPECT_EQ(test_of(R"(["CMD", "curl"])"), (Strings{"CMD", "curl"}));
    EXPECT_EQ(test_of(R"(["CMD-SHELL", "a b"])"), (Strings{"CMD-SHELL", "a b"}));
    EXPECT_FALSE(compose_health({.command = R"(["NONE"])"}, {}).value());
}

TEST(HealthOptions, GoBeforeWhatTheImageSays) {
    const Image image = oci::Healthcheck{.test = {"CMD", "probe"},
                                         .interval = 10s,
                                         .timeout = 20s,
                                         .start_period = 60s,
                                         .start_interval = 2s,
                                         .retries = 7};
    const HealthCheck own = composed({}, image);
    EXPECT_EQ(own.config.to_json().dump(), image->to_json().dump());
    const HealthCheck mixed =
        composed({.command = "true", .start_period = "0s", .retries = "1"}, image);
    EXPECT_EQ(mixed.config.test, (Strings{"CMD-SHELL", "true"}));
    EXPECT_EQ(mixed.config.interval, 10s);
    EXPECT_EQ(mixed.config.start_period, 0s);
    EXPECT_EQ(mixed.config.retries, 1);
    EXPECT_FALSE(compose_health({.command = "none"}, image).value());
    EXPECT_FALSE(compose_health({.off = true}, image).value());
}

// What an image asks for costs the machine, whose owner never saw it.
TEST(HealthOptions, LetAnImageAskForOneCheckASecondAtMost) {
    const HealthCheck check = composed({}, oci::Healthcheck{.test = {"CMD", "x"},
                                                            .interval = 1ns,
                                                            .timeout = 1ns,
                                                            .start_period = 1000000h,
                                                            .start_interval = 1ns});
    EXPECT_EQ(check.config.interval, 1s);
    EXPECT_EQ(check.config.timeout, 1s);
    EXPECT_EQ(check.config.start_interval, 1s);
    EXPECT_EQ(check.config.start_period, 8760h);
}

TEST(HealthOptions, MayLeaveTheChecksToThePerson) {
    const HealthCheck check = composed({.command = "true", .interval = "disable"});
    EXPECT_EQ(check.delay(HealthCheck::Known::starting, 0s), 0s);
    EXPECT_EQ(check.delay(HealthCheck::Known::yes, 1h), 0s);
}

TEST(HealthOptions, CheckMoreOftenWhileItStarts) {
    const HealthCheck check =
        composed({.command = "true", .interval = "1m", .start_period = "30s"});
    EXPECT_EQ(check.delay(HealthCheck::Known::starting, 29s), 5s);
    EXPECT_EQ(check.delay(HealthCheck::Known::starting, 30s), 1min);
    EXPECT_EQ(check.delay(HealthCheck::Known::yes, 1s), 1min);
    const HealthCheck often = composed({.command = "true", .interval = "1s", .start_period = "9s"});
    EXPECT_EQ(often.delay(HealthCheck::Known::starting, 0s), 1s) << "never more seldom than later";
    const HealthCheck asked =
        composed({.command = "true", .start_period = "9s", .start_interval = "200ms"});
    EXPECT_EQ(asked.delay(HealthCheck::Known::starting, 0s), 200ms);
}

TEST(HealthOptions, ThatAreWrongAreNamed) {
    EXPECT_TRUE(refused({.command = "[]"}, "--health-cmd: 'Test': 'CMD' is without a command"));
    EXPECT_TRUE(refused({.command = "[1]"}, "--health-cmd: "));
    EXPECT_TRUE(refused({.command = "x", .interval = "soon"}, "--health-interval: 'soon'"));
    EXPECT_TRUE(refused({.command = "x", .interval = "0"}, "--health-interval 0: 1ms to 8760h"));
    EXPECT_TRUE(refused({.command = "x", .interval = "9000h"}, "--health-interval 9000h"));
    EXPECT_TRUE(refused({.command = "x", .timeout = "disable"}, "--health-timeout: 'disable'"));
    EXPECT_TRUE(refused({.command = "x", .timeout = "10us"}, "--health-timeout 10us"));
    EXPECT_TRUE(refused({.command = "x", .start_period = "-1s"}, "--health-start-period: '-1s'"));
    EXPECT_TRUE(refused({.command = "x", .start_interval = "0s"}, "--health-start-interval 0s"));
    EXPECT_TRUE(refused({.command = "x", .retries = "0"}, "--health-retries: '0'"));
    EXPECT_TRUE(refused({.command = "x", .retries = "2.5"}, "--health-retries: '2.5'"));
    EXPECT_TRUE(refused({.command = "x", .on_failure = "pray"},
                        "--health-on-failure: 'pray' is not none, kill, stop or restart"));
}

TEST(HealthOptions, SayWhatBecomesOfWhatIsUnhealthy) {
    for (const char* word : {"none", "kill", "stop", "restart"}) {
        const auto check = compose_health({.command = "x", .on_failure = word}, {});
        ASSERT_TRUE(check && *check) << word;
        EXPECT_STREQ(name_of((*check)->on_failure), word);
        EXPECT_EQ(health_check_from(to_json(**check))->on_failure, (*check)->on_failure);
    }
}

TEST(HealthOptions, ThatContradictEachOtherAreNamed) {
    EXPECT_TRUE(
        refused({.command = "x", .off = true}, "--no-healthcheck and --health-cmd exclude"));
    EXPECT_TRUE(refused({.retries = "1", .off = true}, "--no-healthcheck and --health-retries"));
    EXPECT_TRUE(refused({.timeout = "1s"}, "--health-timeout: there is no health check"));
    EXPECT_TRUE(refused({.command = "none", .on_failure = "kill"},
                        "--health-on-failure: there is no health check"));
}

TEST(HealthCheck, GoesThroughJsonWhole) {
    const HealthCheck check =
        composed({.command = "true", .interval = "disable", .on_failure = "stop"});
    const Result<HealthCheck> again = health_check_from(to_json(check));
    ASSERT_TRUE(succeeds(again));
    EXPECT_EQ(to_json(*again).dump(), to_json(check).dump());
    EXPECT_EQ(again->config.interval, 0s);
    EXPECT_EQ(again->on_failure, HealthCheck::Action::stop);
}

TEST(HealthCheck, ThatIsDamagedIsNotTakenForAnother) {
    EXPECT_TRUE(fails_saying(health_check_from(Json::object()), "'Test' names no check"));
    EXPECT_TRUE(fails_saying(
        health_check_from(
            Json::object().set("Test", Json::Strings{"CMD", "x"}).set("OnFailure", "maybe")),
        "'OnFailure': 'maybe'"));
}

}  // namespace
}  // namespace sbx::container
