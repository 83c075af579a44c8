#include "os/rlimits.h"

#include <gtest/gtest.h>

#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

TEST(Rlimits, AreNamedAsTheKernelNumbersThem) {
    EXPECT_EQ(parse_rlimit("nofile").value(), RLIMIT_NOFILE);
    EXPECT_EQ(parse_rlimit("RLIMIT_NPROC").value(), RLIMIT_NPROC);
    EXPECT_EQ(parse_rlimit("rlimit_cpu").value(), RLIMIT_CPU);
    EXPECT_EQ(parse_rlimit("MemLock").value(), RLIMIT_MEMLOCK);
    EXPECT_EQ(parse_rlimit("rttime").value(), RLIMIT_RTTIME);
    EXPECT_EQ(all_rlimit_names().size(), std::size_t{RLIMIT_NLIMITS});
    for (const std::string_view name : all_rlimit_names())
        EXPECT_EQ(all_rlimit_names()[static_cast<std::size_t>(*parse_rlimit(name))], name);
}

TEST(Rlimits, OfOtherNamesAreRefused) {
    for (const char* text : {"", "rlimit_", "files", "nofile ", "7", "RLIMIT_RLIMIT_CPU"})
        EXPECT_TRUE(test::fails_saying(parse_rlimit(text), "is not a resource limit")) << text;
}

TEST(Rlimits, AreUnlimitedInWords) {
    EXPECT_EQ(limit_text(RLIM_INFINITY), "unlimited");
    EXPECT_EQ(limit_text(7), "7");
}

TEST(Rlimits, AreThoseOfThisProcess) {
    test::in_own_process([] {
        ASSERT_TRUE(test::succeeds(set_limit(RLIMIT_NOFILE, {.rlim_cur = 50, .rlim_max = 60})));
        EXPECT_EQ(limit_of(RLIMIT_NOFILE)->rlim_cur, 50U);
        EXPECT_EQ(limit_of(RLIMIT_NOFILE)->rlim_max, 60U);
        ASSERT_TRUE(test::succeeds(raise_soft_limit(RLIMIT_NOFILE)));
        EXPECT_EQ(limit_of(RLIMIT_NOFILE)->rlim_cur, 60U);
        EXPECT_TRUE(test::fails_saying(set_limit(RLIMIT_NOFILE, {.rlim_cur = 61, .rlim_max = 60}),
                                       "set limit nofile to 61:60"));
    });
}

}  // namespace
}  // namespace sbx::os
