#include "os/scheduling.h"

#include <sched.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::fails_saying;
using test::in_own_process;
using test::succeeds;

TEST(Scheduler, IsWhatTheKernelShows) {
    in_own_process([] {
        ASSERT_TRUE(succeeds(set_scheduler({.policy = SCHED_BATCH, .nice = 7})));
        EXPECT_EQ(::sched_getscheduler(0), SCHED_BATCH);
        EXPECT_EQ(::getpriority(PRIO_PROCESS, 0), 7);
        EXPECT_TRUE(fails_saying(set_scheduler({.policy = 99}), "set the scheduler: "));
    });
}

TEST(IoPriority, IsWhatTheKernelShows) {
    in_own_process([] {
        ASSERT_TRUE(succeeds(set_io_priority({.io_class = 2, .level = 6})));
        EXPECT_EQ(::syscall(SYS_ioprio_get, 1, 0), 2 << 13 | 6);
        EXPECT_TRUE(fails_saying(set_io_priority({.io_class = 7, .level = 0}),
                                 "set the I/O priority: Invalid argument"));
    });
}

TEST(Affinity, IsOfTheProcessorsChosen) {
    in_own_process([] {
        ASSERT_TRUE(succeeds(set_affinity({0})));
        cpu_set_t set;
        ASSERT_EQ(::sched_getaffinity(0, sizeof set, &set), 0);
        EXPECT_EQ(CPU_COUNT(&set), 1);
        EXPECT_TRUE(CPU_ISSET(0, &set));
        EXPECT_EQ(affinity().value(), std::vector<unsigned>{0});
        EXPECT_TRUE(fails_saying(set_affinity({8191}), "choose processors: Invalid argument"));
    });
}

TEST(MemoryPolicy, IsWhatTheKernelShows) {
    in_own_process([] {
        ASSERT_TRUE(succeeds(set_memory_policy({.mode = 3, .nodes = {0}})));
        int mode = -1;
        ASSERT_EQ(::syscall(SYS_get_mempolicy, &mode, nullptr, 0UL, nullptr, 0UL), 0);
        EXPECT_EQ(mode, 3);
        ASSERT_TRUE(succeeds(set_memory_policy({})));
        ASSERT_EQ(::syscall(SYS_get_mempolicy, &mode, nullptr, 0UL, nullptr, 0UL), 0);
        EXPECT_EQ(mode, 0);
        EXPECT_TRUE(fails_saying(set_memory_policy({.mode = 99}), "set the memory policy: "));
    });
}

TEST(Personality, IsWhatTheKernelShows) {
    in_own_process([] {
        ASSERT_TRUE(succeeds(set_personality(PER_LINUX32)));
        EXPECT_EQ(::personality(0xffffffff), PER_LINUX32);
    });
}

}  // namespace
}  // namespace sbx::os
