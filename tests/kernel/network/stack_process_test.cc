#include "network/stack_process.h"

#include <cstdlib>

#include <sys/resource.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/rlimits.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::network {
namespace {

TEST(StackProcess, ForgetsTheEnvironment) {
    test::in_own_process([] {
        ::setenv("SECRET", "of the person", 1);
        forget_environment();
        EXPECT_EQ(::getenv("SECRET"), nullptr);
        EXPECT_FALSE(os::read_proc("/proc/self/environ")->contains('='));
    });
}

TEST(StackProcess, HasRoomForManySocketsAndNoMore) {
    test::in_own_process([] {
        ASSERT_TRUE(test::succeeds(limit_stack()));
        const rlimit limit = *os::limit_of(RLIMIT_NOFILE);
        EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
        EXPECT_LE(limit.rlim_cur, 10'000U);
    });
}

TEST(StackProcess, ReadsTheHostsServers) {
    EXPECT_EQ(host_resolv(), os::read_proc("/etc/resolv.conf").value_or(""));
}

}  // namespace
}  // namespace sbx::network
