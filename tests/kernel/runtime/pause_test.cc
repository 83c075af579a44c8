#include "runtime/pause.h"

#include <gtest/gtest.h>

#include "runtime/execute.h"
#include "runtime/remove.h"
#include "support/cgroups.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

using test::fails_saying;
using test::succeeds;

TEST(PauseOfRealRoot, StandsStillUntilItIsResumed) {
    test::with_cgroups([] {
        test::Box box;
        ASSERT_TRUE(succeeds(box.run()));
        ASSERT_TRUE(succeeds(pause(box.states(), "box")));
        EXPECT_EQ(box.status(), Status::paused);
        EXPECT_TRUE(fails_saying(pause(box.states(), "box"), "is paused"));
        EXPECT_TRUE(fails_saying(
            execute(box.states(), {.id = "box", .changes = {.args = {"true"}}}), "paused"));
        EXPECT_TRUE(fails_saying(start(box.states(), "box"), "cannot start"));
        EXPECT_TRUE(fails_saying(remove(box.states(), "box", Force::no), "paused"));
        ASSERT_TRUE(succeeds(resume(box.states(), "box")));
        EXPECT_EQ(box.status(), Status::running);
        EXPECT_TRUE(fails_saying(resume(box.states(), "box"), "container not paused"));
    });
}

TEST(PauseOfRealRoot, OfWhatWaitsForStart) {
    test::with_cgroups([] {
        test::Box box;
        ASSERT_TRUE(succeeds(box.create()));
        ASSERT_TRUE(succeeds(pause(box.states(), "box")));
        EXPECT_EQ(box.status(), Status::paused);
        ASSERT_TRUE(succeeds(resume(box.states(), "box")));
        EXPECT_EQ(box.status(), Status::created);
        EXPECT_TRUE(succeeds(start(box.states(), "box")));
    });
}

TEST(PauseOfRealRoot, IsNoWayToOutliveARemoval) {
    test::with_cgroups([] {
        test::Box box;
        ASSERT_TRUE(succeeds(box.run()));
        const std::string cgroup = box.cgroup();
        ASSERT_TRUE(succeeds(pause(box.states(), "box")));
        ASSERT_TRUE(succeeds(remove(box.states(), "box", Force::yes)));
        EXPECT_FALSE(test::exists(cgroup));
    });
}

TEST(PauseOfRealRoot, NeedsACgroup) {
    test::with_cgroups([] {
        test::Box box;
        box.creation.cgroup_manager = sandbox::CgroupManager::disabled;
        ASSERT_TRUE(succeeds(box.run()));
        EXPECT_TRUE(pause(box.states(), "box").failed_as(Error::Kind::unsupported));
        EXPECT_TRUE(pause(box.states(), "nosuch").failed_as(Error::Kind::not_found));
    });
}

}  // namespace
}  // namespace sbx::runtime
