#include "oci/healthcheck.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::oci {
namespace {

using namespace std::chrono_literals;
using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

Result<Healthcheck> read(std::string_view text) {
    return Healthcheck::from_json(Json::parse(text).value());
}

TEST(Healthcheck, IsWrittenAsItWasRead) {
    constexpr std::string_view kWhole =
        R"({"Test":["CMD","a","b c"],"Interval":1000000000,"Timeout":2000000000,)"
        R"("StartPeriod":3000000000,"StartInterval":4000000000,"Retries":5})";
    const Result<Healthcheck> check = read(kWhole);
    ASSERT_TRUE(succeeds(check));
    EXPECT_EQ(check->to_json().dump(), kWhole);
    EXPECT_EQ(check->interval, 1s);
    EXPECT_EQ(check->timeout, 2s);
    EXPECT_EQ(check->start_period, 3s);
    EXPECT_EQ(check->start_interval, 4s);
    EXPECT_EQ(check->retries, 5);
    EXPECT_EQ(read("{}")->to_json().dump(), "{}");
}

TEST(Healthcheck, HasACommandOfWordsOrForTheShell) {
    EXPECT_EQ(read(R"({"Test":["CMD","a","b c"]})")->command(), (Strings{"a", "b c"}));
    EXPECT_EQ(read(R"({"Test":["CMD-SHELL","a && b"]})")->command(),
              (Strings{"/bin/sh", "-c", "a && b"}));
}

TEST(Healthcheck, MayBeNone) {
    EXPECT_TRUE(read("{}")->is_none());
    EXPECT_TRUE(read(R"({"Test":[]})")->is_none());
    EXPECT_TRUE(read(R"({"Test":["NONE"]})")->is_none());
    EXPECT_FALSE(read(R"({"Test":["CMD","NONE"]})")->is_none());
}

TEST(Healthcheck, ThatMeansNothingIsNamed) {
    EXPECT_TRUE(fails_saying(read("[]"), "it is not an object"));
    EXPECT_TRUE(fails_saying(read(R"({"Test":"CMD"})"), "'Test'"));
    EXPECT_TRUE(fails_saying(read(R"({"Test":["curl"]})"), "'Test': 'curl' is not CMD"));
    EXPECT_TRUE(fails_saying(read(R"({"Test":["NONE","x"]})"), "'NONE' is not CMD"));
    EXPECT_TRUE(fails_saying(read(R"({"Test":["CMD"]})"), "'CMD' is without a command"));
    EXPECT_TRUE(fails_saying(read(R"({"Test":["CMD-SHELL",""]})"), "is without a command"));
    EXPECT_TRUE(fails_saying(read(R"({"Test":["CMD","a\u0000b"]})"), "a word has a byte 0"));
    EXPECT_TRUE(fails_saying(read(R"({"Interval":-1})"), "'Interval' is -1"));
    EXPECT_TRUE(fails_saying(read(R"({"Timeout":"30s"})"), "'Timeout'"));
    EXPECT_TRUE(fails_saying(read(R"({"StartPeriod":18446744073709551615})"), "'StartPeriod'"));
    EXPECT_TRUE(fails_saying(read(R"({"Retries":2147483648})"), "'Retries' is 2147483648"));
}

}  // namespace
}  // namespace sbx::oci
