#include "oci/image_config.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::oci {
namespace {

using test::fails_saying;
using test::succeeds;

const std::string kLayer = Digest::of("layer").text();

const std::string kWhole =
    R"({"architecture":"arm64","os":"linux","variant":"v8","created":"2026-11-23T18:00:00Z",)"
    R"("author":"someone","config":{"User":"app:app","ExposedPorts":{"80/tcp":{}},)"
    R"("Env":["PATH=/bin","A="],"Entrypoint":["/init"],"Cmd":["-x",""],"Volumes":{"/data":{}},)"
    R"("WorkingDir":"/srv","Labels":{"k":"v"},"StopSignal":"SIGINT","OnBuild":["RUN make"]},)"
    R"("rootfs":{"type":"layers","diff_ids":[")" +
    kLayer +
    R"("]},"history":[{"created":"2026-11-23T18:00:00Z","created_by":"COPY"},)"
    R"({"author":"me","comment":"c","empty_layer":true}]})";

TEST(ImageConfig, IsWrittenAsItWasRead) {
    const Result<ImageConfig> config = ImageConfig::parse(kWhole);
    ASSERT_TRUE(succeeds(config));
    EXPECT_EQ(config->to_json().dump(), kWhole);
}

TEST(ImageConfig, GivesWhatTheImageAsksFor) {
    const Result<ImageConfig> config = ImageConfig::parse(kWhole);
    ASSERT_TRUE(succeeds(config));
    EXPECT_EQ(config->platform.text(), "linux/arm64/v8");
    EXPECT_EQ(config->diff_ids, std::vector{Digest::of("layer")});
    EXPECT_EQ(config->defaults.user, "app:app");
    EXPECT_EQ(config->defaults.volumes, std::vector<std::string>{"/data"});
    EXPECT_EQ(config->defaults.exposed_ports, std::vector<std::string>{"80/tcp"});
    EXPECT_TRUE(config->history[1].empty_layer);
    EXPECT_FALSE(config->history[1].created);
}

TEST(ImageConfig, OfNothingAsksForNothing) {
    const Result<ImageConfig> config = ImageConfig::parse("{}");
    ASSERT_TRUE(succeeds(config));
    EXPECT_TRUE(config->diff_ids.empty());
    EXPECT_TRUE(config->defaults.cmd.empty());
}

TEST(ImageConfig, TakesNullForNothing) {
    EXPECT_TRUE(succeeds(ImageConfig::parse(
        R"({"config":{"Env":null,"Cmd":null,"Volumes":null,"Labels":null},"history":null,)"
        R"("rootfs":{"diff_ids":null}})")));
}

// CVE-2026-57231: what has no '=' must not be looked up anywhere else.
TEST(ImageConfig, LeavesOutWhatAssignsNothing) {
    const Result<ImageConfig> config = ImageConfig::parse(
        R"({"config":{"Env":["HOME","=x","A=1","*","","B=\u0000","C=a=b","D="]}})");
    ASSERT_TRUE(succeeds(config));
    EXPECT_EQ(config->defaults.env, (std::vector<std::string>{"A=1", "C=a=b", "D="}));
    ASSERT_EQ(config->defaults.ignored.size(), 5U);
    EXPECT_EQ(config->defaults.ignored[0], "the image's Env entry 'HOME' is not NAME=VALUE");
    EXPECT_EQ(config->defaults.ignored[4], "the image's Env entry 'B=\\x00' is not NAME=VALUE");
}

// It is in no specification: an image is not refused for it.
TEST(ImageConfig, TakesTheHealthcheckOfDockersOrLeavesItOut) {
    const auto config =
        ImageConfig::parse(R"({"config":{"Healthcheck":{"Test":["CMD-SHELL","x"],"Retries":2}}})");
    ASSERT_TRUE(succeeds(config));
    EXPECT_EQ(config->defaults.healthcheck->test, (std::vector<std::string>{"CMD-SHELL", "x"}));
    EXPECT_EQ(config->defaults.to_json()["Healthcheck"].dump(),
              R"({"Test":["CMD-SHELL","x"],"Retries":2})");
    const auto bad = ImageConfig::parse(R"({"config":{"Healthcheck":{"Test":["x"]}}})");
    ASSERT_TRUE(succeeds(bad));
    EXPECT_FALSE(bad->defaults.healthcheck);
    ASSERT_EQ(bad->defaults.ignored.size(), 1U);
    EXPECT_EQ(bad->defaults.ignored[0],
              "the image's Healthcheck means nothing: 'Test': 'x' is not "
              "CMD, CMD-SHELL or NONE");
}

TEST(ImageConfig, PassesOverTimesThatAreNone) {
    for (const char* time : {"0000-00-00", "10000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", ""}) {
        const auto config = ImageConfig::parse(fmt::format(R"({{"created":"{}"}})", time));
        ASSERT_TRUE(succeeds(config));
        EXPECT_FALSE(config->created) << time;
    }
}

struct Spoiled {
    std::string_view text;
    std::string_view why;
};

class SpoiledConfigs : public testing::TestWithParam<Spoiled> {};

TEST_P(SpoiledConfigs, AreRefused) {
    EXPECT_TRUE(fails_saying(ImageConfig::parse(GetParam().text), GetParam().why))
        << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    All, SpoiledConfigs,
    testing::Values(
        Spoiled{"", "not valid JSON"}, Spoiled{"[]", "it is not an object"},
        Spoiled{R"({"os":7})", "'os' is 7, where a string belongs"},
        Spoiled{R"({"architecture":[]})", "'architecture' is [], where a string belongs"},
        Spoiled{R"({"config":{"Env":{}}})", "/config: 'Env' is {}, where an array of strings"},
        Spoiled{R"({"config":{"Cmd":"sh"}})", "/config: 'Cmd' is \"sh\", where an array"},
        Spoiled{R"({"config":{"Entrypoint":[1]}})", "'Entrypoint' is [1], where an array of"},
        Spoiled{R"({"config":{"User":0}})", "'User' is 0, where a string belongs"},
        Spoiled{R"({"config":{"Labels":{"a":1}}})", "an object of strings belongs"},
        Spoiled{R"({"config":[]})", "'config' is [], where an object belongs"},
        Spoiled{R"({"config":{"Volumes":["/a"]}})", "/config: 'Volumes' is [\"/a\"], where an"},
        Spoiled{R"({"config":{"ExposedPorts":"80"}})", "'ExposedPorts' is \"80\", where an object"},
        Spoiled{R"({"rootfs":7})", "'rootfs' is 7, where an object belongs"},
        Spoiled{R"({"history":{}})", "'history' is {}, where an array belongs"},
        Spoiled{R"({"history":[7]})", "/history: an entry is not an object"},
        Spoiled{R"({"rootfs":{"diff_ids":["x"]}})", "/rootfs/diff_ids: 'x' is not a digest"},
        Spoiled{R"({"rootfs":{"diff_ids":"x"}})", "an array of strings belongs"},
        Spoiled{R"({"history":[{"empty_layer":"yes"}]})", "/history: 'empty_layer' is \"yes\""}));

TEST(ImageConfig, HasAHistoryThatEnds) {
    std::string entries = "{}";
    for (int i = 0; i < 10'000; ++i)
        entries += ",{}";
    EXPECT_TRUE(fails_saying(ImageConfig::parse(R"({"history":[)" + entries + "]}"),
                             "'history' has 10001 entries, more than 10000"));
}

}  // namespace
}  // namespace sbx::oci
