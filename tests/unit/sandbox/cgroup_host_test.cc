#include "sandbox/cgroup_host.h"

#include <gtest/gtest.h>

namespace sbx::sandbox {
namespace {

TEST(CgroupInProc, IsTheOneOfVersion2) {
    EXPECT_EQ(cgroup_in("0::/user.slice/a.scope\n"), "/user.slice/a.scope");
    EXPECT_EQ(cgroup_in("12:memory:/x\n1:name=systemd:/y\n0::/z\n"), "/z");
    EXPECT_EQ(cgroup_in("0::/\n"), "/");
    EXPECT_EQ(cgroup_in("0::/a:b\n"), "/a:b");
}

TEST(CgroupInProc, IsEmptyWhereThereIsNone) {
    EXPECT_EQ(cgroup_in(""), "");
    EXPECT_EQ(cgroup_in("1:memory:/x\n"), "");
    EXPECT_EQ(cgroup_in("0::"), "");
    EXPECT_EQ(cgroup_in("0::/../../outside\n"), "/../../outside");
}

// Whatever this machine has, no address of a bus that is not there counts.
TEST(CgroupHost, TakesNoBusThatIsNotThere) {
    const CgroupHost host = find_cgroups(
        {"DBUS_SESSION_BUS_ADDRESS=unix:path=/no/such/bus", "XDG_RUNTIME_DIR=/no/such/folder"});
    EXPECT_TRUE(!host.systemd || host.root);
    EXPECT_TRUE(host.version_2 || host.root || !host.own);
}

}  // namespace
}  // namespace sbx::sandbox
