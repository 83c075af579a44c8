#include "container/new_volumes.h"

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::succeeds;

constexpr std::chrono::milliseconds kAtOnce(0);

class NewVolumes : public testing::Test {
protected:
    NewVolumes() {
        for (const char* name : {"v", "v/data", "w", "w/data"})
            test::make_folder(folder_.at(name));
    }
    sandbox::Plan plan(const std::vector<std::string>& volumes) const {
        sandbox::Plan plan;
        for (const std::string& name : volumes)
            plan.mounts.emplace_back(
                sandbox::Bind{.from = folder_.at(name + "/data"), .to = {}, .copy_up = true});
        return plan;
    }

    test::TempFolder folder_ = {};
};

TEST_F(NewVolumes, AreFilledByOneAtATime) {
    {
        const auto held = hold_new_volumes(plan({"v"}), kAtOnce);
        ASSERT_TRUE(succeeds(held));
        EXPECT_TRUE(hold_new_volumes(plan({"w", "v"}), kAtOnce).failed_as(Error::Kind::busy));
        EXPECT_TRUE(succeeds(hold_new_volumes(plan({"w"}), kAtOnce)));
    }
    EXPECT_TRUE(succeeds(hold_new_volumes(plan({"w", "v", "v"}), kAtOnce)));
}

TEST_F(NewVolumes, AreWaitedForUntilTheyAreWhole) {
    const auto held = hold_new_volumes(plan({"v"}), kAtOnce);
    test::make_file(folder_.at("v/data/part"));
    EXPECT_TRUE(hold_new_volumes(plan({"v"}), kAtOnce).failed_as(Error::Kind::busy));
}

TEST_F(NewVolumes, AreNotHeldUpOnceTheyHaveContent) {
    test::make_file(folder_.at("v/data/f"));
    const auto one = hold_new_volumes(plan({"v"}), kAtOnce);
    EXPECT_TRUE(succeeds(one));
    EXPECT_TRUE(succeeds(hold_new_volumes(plan({"v"}), kAtOnce)));
}

TEST_F(NewVolumes, AreThoseThatBeginWithWhatTheImageHas) {
    sandbox::Plan other;
    other.mounts.emplace_back(sandbox::Bind{.from = folder_.at("v/data"), .to = {}});
    const auto held = hold_new_volumes(other, kAtOnce);
    ASSERT_TRUE(succeeds(held));
    EXPECT_TRUE(held->empty());
    EXPECT_FALSE(test::exists(folder_.at("v/filling")));
    EXPECT_FALSE(hold_new_volumes(plan({"gone"}), kAtOnce));
}

}  // namespace
}  // namespace sbx::container
