#include "sandbox/cgroup_plan.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::sandbox {
namespace {

TEST(CgroupManager, IsReadAsItIsNamed) {
    for (const CgroupManager manager : {CgroupManager::automatic, CgroupManager::cgroupfs,
                                        CgroupManager::systemd, CgroupManager::disabled})
        EXPECT_EQ(parse_cgroup_manager(name_of(manager)).value_or(CgroupManager::automatic),
                  manager);
    for (const char* word : {"", "Systemd", "cgroupv1"})
        EXPECT_TRUE(test::fails_saying(parse_cgroup_manager(word), "no manager of cgroups"));
}

TEST(CgroupPlan, IsExplained) {
    EXPECT_EQ(explain(CgroupPlan{}), "");
    const CgroupPlan own{.made = true,
                         .base = "/a",
                         .path = "/a/box",
                         .writes = {{.file = "pids.max", .value = "5"}},
                         .devices = std::vector<os::DeviceRule>(3)};
    EXPECT_EQ(explain(own),
              "cgroup: '/a/box'\n"
              "cgroup: pids.max = 5\n"
              "cgroup: a filter of devices with 3 rules\n");
    const CgroupPlan scope{.made = true, .scope = Scope{.unit = "x.scope", .slice = "user.slice"}};
    EXPECT_EQ(explain(scope), "cgroup: 'container' of systemd's scope 'x.scope' in 'user.slice'\n");
}

}  // namespace
}  // namespace sbx::sandbox
