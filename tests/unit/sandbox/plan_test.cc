#include "sandbox/plan.h"

#include <sched.h>

#include <gtest/gtest.h>

namespace sbx::sandbox {
namespace {

os::InnerPath inner(std::string_view text) { return os::InnerPath::clean(text); }

TEST(Describe, NamesAMountByItsEnds) {
    EXPECT_EQ(describe(Bind{.from = "/src", .to = inner("/m")}), "bind '/src' on '/m'");
    EXPECT_EQ(describe(Bind{.from = "/vol",
                            .below = inner("/sub"),
                            .to = inner("/m"),
                            .attributes = {.set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV}}),
              "bind '/vol/sub' on '/m' (read-only, nodev)");
    EXPECT_EQ(describe(Tmpfs{.to = inner("/t"), .attributes = MOUNT_ATTR_NOSUID}),
              "tmpfs on '/t' (nosuid)");
    EXPECT_EQ(describe(Special{.type = "proc", .to = inner("/proc")}), "proc on '/proc'");
    EXPECT_EQ(describe(Dev{.to = inner("/dev")}), "devices on '/dev'");
    EXPECT_EQ(describe(Layers{.directory = "/l", .names = {"a", "b"}, .to = inner("/i")}),
              "an image of 2 layers on '/i' (read-only)");
}

TEST(Describe, NamesARootByItsSource) {
    EXPECT_EQ(describe(OverlayRoot{.directory = "/l", .options = "lowerdir=a", .mount_point = "m"}),
              "overlay of lowerdir=a");
    EXPECT_EQ(
        describe(FuseRoot{
            .program = "/bin/f", .directory = "/l", .options = "lowerdir=a", .mount_point = "m"}),
        "/bin/f of lowerdir=a");
    EXPECT_EQ(describe(CopiedRoot{.directory = "/l", .layers = {"a", "b"}, .target = "t"}),
              "copy of 2 layers in 't'");
    EXPECT_EQ(describe(DirectoryRoot{.path = "/r"}), "'/r'");
}

TEST(Explain, SaysWhatHappensInItsOrder) {
    const Plan plan{.namespaces = CLONE_NEWUSER | CLONE_NEWNS,
                    .root = DirectoryRoot{.path = "/r"},
                    .root_read_only = true,
                    .devices = {{.from = "/dev/kvm", .to = inner("/dev/kvm")}},
                    .masked = {inner("/proc/kcore")},
                    .read_only = {inner("/proc/sys")},
                    .sysctls = {{.file = "net/core/somaxconn", .value = "9"}},
                    .hostname = "box",
                    .program = {.identity = {.user = "web"},
                                .cwd = inner("/srv"),
                                .argv = {"/bin/sh", "-c", "true"},
                                .env = {"A=b"},
                                .no_new_privileges = true,
                                .terminal = true},
                    .warnings = {"one thing"}};
    EXPECT_EQ(explain(plan),
              "namespaces user mount\n"
              "root '/r' (read-only)\n"
              "device '/dev/kvm' on '/dev/kvm'\n"
              "masked '/proc/kcore'\n"
              "read-only '/proc/sys'\n"
              "sysctl net/core/somaxconn = 9\n"
              "hostname box\n"
              "capabilities \n"
              "no new privileges\n"
              "user 'web'\n"
              "in '/srv', on a terminal\n"
              "env A=b\n"
              "run /bin/sh -c true\n"
              "warning: one thing\n");
}

TEST(Explain, NamesEveryNamespace) {
    const Plan plan{.namespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
                                  CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME};
    EXPECT_TRUE(
        explain(plan).starts_with("namespaces user mount pid network ipc uts cgroup time\n"));
}

TEST(Explain, NamesEveryHook) {
    const Plan plan{.hooks = {.prestart = {{.path = "/a"}}, .poststop = {{.path = "/b"}}}};
    EXPECT_TRUE(explain(plan).contains("hook prestart '/a'\nhook poststop '/b'\n"));
}

}  // namespace
}  // namespace sbx::sandbox
