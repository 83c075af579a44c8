#include "os/scheduling.h"

#include <sched.h>
#include <sys/personality.h>

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::os {
namespace {

using test::fails_saying;

using Numbers = std::vector<unsigned>;

TEST(NumberList, HasRangesAndSingleNumbers) {
    EXPECT_EQ(parse_number_list("0").value(), Numbers({0}));
    EXPECT_EQ(parse_number_list("0-3,7").value(), Numbers({0, 1, 2, 3, 7}));
    EXPECT_EQ(parse_number_list("7,2-3,3").value(), Numbers({2, 3, 7})) << "each once, in order";
    EXPECT_EQ(parse_number_list("8191").value(), Numbers({8191}));
}

TEST(NumberList, RefusesAnythingElse) {
    for (const char* text : {"", ",", "1,", "-1", "3-1", "1-", "a", "1 2", "0x1", "8192",
                             "0-99999999999", "1-2-3", "+1"})
        EXPECT_FALSE(parse_number_list(text)) << text;
}

TEST(SchedulingWords, AreThoseOfTheSpecification) {
    EXPECT_EQ(parse_scheduling_policy("SCHED_OTHER").value(), 0U);
    EXPECT_EQ(parse_scheduling_policy("SCHED_BATCH").value(), 3U);
    EXPECT_EQ(parse_scheduling_policy("SCHED_DEADLINE").value(), 6U);
    EXPECT_EQ(parse_scheduling_flag("SCHED_FLAG_RESET_ON_FORK").value(), 1U);
    EXPECT_EQ(parse_memory_mode("MPOL_INTERLEAVE").value(), 3);
    EXPECT_EQ(parse_memory_flag("MPOL_F_STATIC_NODES").value(), 1 << 15);
    EXPECT_EQ(parse_personality("LINUX32").value(), 8UL);
    EXPECT_EQ(parse_io_priority("IOPRIO_CLASS_BE", 7).value(),
              (IoPriority{.io_class = 2, .level = 7}));
}

TEST(SchedulingWords, RefuseOthersByName) {
    EXPECT_TRUE(fails_saying(parse_scheduling_policy("SCHED_COFFEE"),
                             "'SCHED_COFFEE' is not a scheduling policy"));
    EXPECT_TRUE(fails_saying(parse_scheduling_flag("X"), "'X' is not a flag of a scheduler"));
    EXPECT_TRUE(fails_saying(parse_memory_mode("bind"), "'bind' is not a memory policy"));
    EXPECT_TRUE(fails_saying(parse_memory_flag(""), "'' is not a flag of a memory policy"));
    EXPECT_TRUE(fails_saying(parse_personality("BSD"), "'BSD' is not a personality"));
    EXPECT_TRUE(fails_saying(parse_io_priority("BE", 0), "'BE' is not a class of I/O priority"));
    for (const int level : {-1, 8})
        EXPECT_TRUE(
            fails_saying(parse_io_priority("IOPRIO_CLASS_BE", level), "is not one of 0 to 7"));
}

}  // namespace
}  // namespace sbx::os
