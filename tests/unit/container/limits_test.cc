#include "container/limits.h"

#include <algorithm>
#include <limits>

#include <sys/resource.h>

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Limits = Result<std::vector<oci::Rlimit>>;

constexpr std::uint64_t kNone = std::numeric_limits<std::uint64_t>::max();

const oci::Rlimit* find(const Limits& limits, std::string_view type) {
    const auto found = std::ranges::find(*limits, type, &oci::Rlimit::type);
    return found == limits->end() ? nullptr : &*found;
}

TEST(Limits, AreSoftAndHard) {
    const Limits limits = compose_limits({"nofile=1024:4096", "cpu=10", "CORE=unlimited"});
    ASSERT_TRUE(succeeds(limits));
    EXPECT_EQ(find(limits, "RLIMIT_NOFILE")->soft, 1024U);
    EXPECT_EQ(find(limits, "RLIMIT_NOFILE")->hard, 4096U);
    EXPECT_EQ(find(limits, "RLIMIT_CPU")->soft, 10U);
    EXPECT_EQ(find(limits, "RLIMIT_CPU")->hard, 10U) << "one number is both";
    EXPECT_EQ(find(limits, "RLIMIT_CORE")->soft, kNone);
}

TEST(Limits, AreEachSetOnce) {
    const Limits limits = compose_limits({"nofile=1:2", "nofile=-1:-1"});
    ASSERT_TRUE(succeeds(limits));
    EXPECT_EQ(std::ranges::count(*limits, "RLIMIT_NOFILE", &oci::Rlimit::type), 1);
    EXPECT_EQ(find(limits, "RLIMIT_NOFILE")->soft, kNone);
}

TEST(Limits, UnaskedKeepCoreFilesAway) {
    const Limits limits = compose_limits({});
    ASSERT_TRUE(succeeds(limits));
    rlimit own{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &own), 0);
    EXPECT_EQ(find(limits, "RLIMIT_CORE")->soft, 0U);
    EXPECT_EQ(find(limits, "RLIMIT_NOFILE")->hard, own.rlim_max) << "it could not be raised";
    EXPECT_LE(find(limits, "RLIMIT_NOFILE")->soft, 65536U);
}

TEST(Limits, OfTheHostStay) {
    EXPECT_TRUE(compose_limits({"host"})->empty());
    EXPECT_EQ(compose_limits({"host", "cpu=1"})->size(), 1U);
}

struct Bad {
    const char* text;
    const char* words;
};

class BadLimits : public testing::TestWithParam<Bad> {};

TEST_P(BadLimits, SayWhatIsWrong) {
    const Limits limits = compose_limits({GetParam().text});
    EXPECT_TRUE(fails_saying(limits, GetParam().words));
    EXPECT_TRUE(limits.failed_as(Error::Kind::usage));
}

INSTANTIATE_TEST_SUITE_P(All, BadLimits,
                         testing::Values(Bad{"", "--ulimit : NAME=SOFT[:HARD] belongs there"},
                                         Bad{"nofile", "NAME=SOFT[:HARD] belongs there"},
                                         Bad{"files=1", "'files' is not a resource limit"},
                                         Bad{"nofile=", "'' is not a limit"},
                                         Bad{"nofile=1:", "'' is not a limit"},
                                         Bad{"nofile=many", "'many' is not a limit"},
                                         Bad{"nofile=-2", "'-2' is not a limit"},
                                         Bad{"nofile=1k", "'1k' is not a limit"},
                                         Bad{"nofile=99999999999999999999", "is not a limit"},
                                         Bad{"nofile=2:1", "the soft limit is above the hard one"},
                                         Bad{"nofile=-1:1", "the soft limit is above the hard one"},
                                         Bad{"nofile=1:2:3", "'2:3' is not a limit"}));

TEST(Sysctls, AreNamesAndValues) {
    const auto sysctls = parse_sysctls({"net.core.somaxconn=10", "kernel.sem=1 2=3", "a="});
    ASSERT_TRUE(succeeds(sysctls));
    EXPECT_EQ(sysctls->at("net.core.somaxconn"), "10");
    EXPECT_EQ(sysctls->at("kernel.sem"), "1 2=3");
    EXPECT_EQ(sysctls->at("a"), "");
    for (const char* text : {"", "net.core.somaxconn", "=1"})
        EXPECT_TRUE(fails_saying(parse_sysctls({text}), "NAME=VALUE belongs there")) << text;
}

TEST(Umask, IsOctal) {
    EXPECT_EQ(*parse_umask("0022"), 022U);
    EXPECT_EQ(*parse_umask("77"), 077U);
    EXPECT_EQ(*parse_umask("0"), 0U);
    EXPECT_EQ(*parse_umask("777"), 0777U);
    for (const char* text : {"", "8", "1777", "00022", "-1", "0x1", "22 "})
        EXPECT_TRUE(fails_saying(parse_umask(text), "an octal number up to 0777")) << text;
}

}  // namespace
}  // namespace sbx::container
