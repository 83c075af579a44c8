#include <gtest/gtest.h>

#include "sandbox/compile.h"
#include "sandbox/places.h"
#include "support/requests.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::rootless_host;
using test::shell_request;

Result<Plan> with_exact(oci::Mount mount) {
    Request request = shell_request();
    request.exact = true;
    request.spec.mounts = {std::move(mount)};
    return compile(request, rootless_host());
}

// "Default Devices" are there whatever a document mounts elsewhere.
TEST(PlaceDevices, MakesTheDefaultOnesWithoutADev) {
    EXPECT_EQ(describe(with_exact({"/dev/shm", "tmpfs", "t", {}})->mounts.front()),
              "devices in '/dev'");
    for (const char* to : {"/dev", "dev/", "/x/../dev"})
        EXPECT_EQ(with_exact({to, "bind", "/dev", {"rbind"}})->mounts.size(), 1U) << to;
}

TEST(PlaceDevices, BindsWhatMayNotBeMade) {
    Request request = shell_request();
    request.spec.devices = {{.path = "/dev/fuse", .type = "c", .major = 10, .minor = 229},
                            {.path = "/dev/p", .type = "p", .file_mode = 0100622}};
    const Plan plan = compile(request, rootless_host()).value();
    EXPECT_EQ(describe(plan.devices[0]), "device '/dev/fuse' on '/dev/fuse'");
    EXPECT_EQ(plan.devices[0].node->minor, 229U);
    EXPECT_EQ(describe(plan.devices[1]), "device p 0:0 at '/dev/p'");
    EXPECT_EQ(plan.devices[1].node->mode, 0622U);
}

// What `podman --privileged` gives a container of root's: all nodes of the host's /dev.
TEST(PlaceDevices, LeavesTheLinksOfDev) {
    for (const Host& host : {rootless_host(), test::root_host()}) {
        Request request = shell_request();
        request.spec.devices = {{.path = "/dev/ptmx", .type = "c", .major = 5, .minor = 2},
                                {.path = "/dev//stdin", .type = "c", .major = 1, .minor = 3},
                                {.path = "/dev/ptmx", .source = "/dev/ptmx"},
                                {.path = "/dev/ptmx1", .type = "c", .major = 5, .minor = 2}};
        const Plan plan = compile(request, host).value();
        ASSERT_EQ(plan.devices.size(), 1U);
        EXPECT_EQ(plan.devices[0].to.text(), "/dev/ptmx1");
    }
}

TEST(PlaceDevices, LetsNoneStandInProcOrOnTheRoot) {
    for (const char* to : {"/proc/x", "/", "dev/x", "/dev/../proc/kcore"}) {
        Request request = shell_request();
        request.spec.devices = {{.path = to, .source = "/dev/null"}};
        EXPECT_TRUE(fails_saying(compile(request, rootless_host()), "device")) << to;
    }
}

}  // namespace
}  // namespace sbx::sandbox
