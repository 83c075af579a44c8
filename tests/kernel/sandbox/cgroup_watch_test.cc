#include "sandbox/cgroup_watch.h"

#include <signal.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/cgroups.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using namespace std::chrono_literals;
using Event = CgroupWatch::Event;

TEST(CgroupWatchOfRealRoot, TellsOfTheTimeAndOfTheEnd) {
    test::with_cgroups([] {
        test::Box box;
        ASSERT_TRUE(test::succeeds(box.run()));
        const Result<Cgroup> cgroup = Cgroup::open(box.state().cgroup);
        ASSERT_TRUE(test::succeeds(cgroup));
        Result<CgroupWatch> watch = CgroupWatch::begin(*cgroup);
        ASSERT_TRUE(test::succeeds(watch));
        EXPECT_EQ(*watch->wait(CgroupWatch::Clock::now()), Event::time_is_up);
        EXPECT_EQ(*watch->wait(CgroupWatch::Clock::now() + 2ms), Event::time_is_up);
        ASSERT_EQ(::kill(box.state().pid, SIGKILL), 0);
        EXPECT_EQ(*watch->wait(CgroupWatch::Clock::now() + 1h), Event::emptied);
        ASSERT_EQ(::rmdir(box.cgroup().c_str()), 0);
        EXPECT_EQ(*watch->wait(CgroupWatch::Clock::now() + 1h), Event::emptied);
    });
}

}  // namespace
}  // namespace sbx::sandbox
