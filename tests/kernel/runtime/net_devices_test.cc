#include "runtime/net_devices.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "oci/default_spec.h"
#include "os/process.h"
#include "runtime/create.h"
#include "runtime/execute.h"
#include "runtime/remove.h"
#include "sandbox/assumed_host.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

using test::fails_saying;
using test::succeeds;

// A bundle whose root file system is the host's, and whose program sleeps.
class NetDevicesOfBundle : public testing::Test {
protected:
    Result<Warnings> create(const NetDevices& devices) {
        oci::Spec spec = oci::default_spec();
        spec.process.args = {"/bin/sleep", "60"};
        spec.process.terminal = false;
        spec.root_path = "/";
        spec.mounts.clear();
        spec.masked_paths.clear();
        spec.read_only_paths.clear();
        spec.net_devices = devices;
        test::make_file(folder_.at("config.json"), spec.to_json().dump());
        return runtime::create(states_, {.id = "box", .bundle = folder_.path()},
                               sandbox::assumed_host());
    }
    int status_of(const std::string& script) {
        Result<sandbox::Entered> entered =
            execute(states_, {.id = "box", .changes = {.args = {"/bin/sh", "-c", script}}});
        return entered ? entered->process.wait()->code : -1;
    }

    test::TempFolder folder_ = {};
    States states_ = *States::open(folder_.at("states"));
};

TEST_F(NetDevicesOfBundle, AreTheContainersWhereTheyMayBeMoved) {
    test::in_namespaces([&] {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        Result<os::Process> made =
            os::start({.argv = {"/bin/sh", "-c", "ip link add eth8 type veth peer name eth9"}});
        ASSERT_TRUE(made && made->wait()->code == 0);
        EXPECT_TRUE(fails_saying(create({{"eth8", {.name = "lo"}}}),
                                 "linux.netDevices: device 'eth8': the container has a 'lo'"));
        EXPECT_TRUE(states_.ids()->empty());
        ASSERT_TRUE(succeeds(create({{"eth8", {.name = "inner"}}})));
        EXPECT_EQ(::if_nametoindex("eth8"), 0U);
        EXPECT_NE(::if_nametoindex("eth9"), 0U);
        EXPECT_EQ(status_of("ip -o link show inner up | grep -q inner"), 0);
        ASSERT_TRUE(succeeds(remove(states_, "box", Force::yes)));
    });
}

TEST(MoveNetDevices, AreNotThoseOfOthers) {
    EXPECT_TRUE(succeeds(move_net_devices({}, 1)));
    EXPECT_TRUE(fails_saying(move_net_devices({{"nosuchdevice", {}}}, ::getpid()),
                             "linux.netDevices: device 'nosuchdevice': there is none"));
}

}  // namespace
}  // namespace sbx::runtime
