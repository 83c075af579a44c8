#include "sandbox/limit_change.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "support/cgroups.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::succeeds;
using test::with_cgroups;

TEST(LimitChange, IsNoneWhereNothingChanges) {
    EXPECT_TRUE(LimitChange::between({.pids_limit = 5}, {.pids_limit = 5})->is_none());
    EXPECT_FALSE(LimitChange::between({.pids_limit = 5}, {.pids_limit = 6})->is_none());
    EXPECT_TRUE(fails_saying(LimitChange::between({}, {.memory = {.swappiness = 5}}),
                             "memory swappiness cannot be set"));
}

const CgroupHost kHost = {.version_2 = true};

// The machine that builds sbx may have no controllers; what becomes of limits that were written is
// seen in the machine of tests/vm.
TEST(LimitChangeOfRealRoot, IsNotedDownWhereItCouldBeMade) {
    with_cgroups([] {
        Result<Cgroup> cgroup =
            Cgroup::make({.made = true, .path = fmt::format("/sbx-test-{}", ::getpid())});
        ASSERT_TRUE(succeeds(cgroup));
        int kept = 0;
        const auto keep = [&] { return ++kept, Result<>(); };
        const auto change = [](const oci::Resources& after) {
            return LimitChange::between({}, after).value();
        };
        const oci::Resources lacking = {.rdma = {{"none", {.hca_handles = 3}}}};
        EXPECT_TRUE(fails_saying(change(lacking).make(*cgroup, kHost, keep), "controller 'rdma'"));
        EXPECT_EQ(kept, 0);
        const oci::Resources no_limit = {.pids_limit = -1};
        EXPECT_TRUE(succeeds(change(no_limit).make(*cgroup, kHost, keep)));
        EXPECT_EQ(kept, 1);
        const auto fail = []() -> Result<> { return Error(Error::Kind::failed, "no room"); };
        EXPECT_TRUE(fails_saying(change(no_limit).make(*cgroup, kHost, fail), "no room"));
        EXPECT_TRUE(succeeds(std::move(*cgroup).remove()));
    });
}

}  // namespace
}  // namespace sbx::sandbox
