#include "network/tap.h"

#include <sched.h>

#include <gtest/gtest.h>

#include "os/process.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::network {
namespace {

using test::in_namespaces;
using test::succeeds;

std::string printed(const std::string& command) {
    const test::TempFolder folder;
    test::make_file(folder.at("out"));
    const os::Fd out(::open(folder.at("out").c_str(), O_WRONLY | O_CLOEXEC));
    Result<os::Process> process =
        os::start({.argv = {"/bin/sh", "-c", command}, .output = out, .errors = out});
    EXPECT_EQ(process->wait()->code, 0) << command;
    return test::bytes_of(folder.at("out"));
}

TEST(Tap, HasTheAddressesAndRoutesThatWereAsked) {
    in_namespaces([] {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        const Result<os::Fd> tap = make_tap(Settings{.mtu = 1500});
        ASSERT_TRUE(succeeds(tap));
        const std::string device = printed("ip -o addr show tap0; ip -o link show tap0");
        EXPECT_TRUE(device.contains("inet 10.0.2.100/24")) << device;
        EXPECT_TRUE(device.contains("inet6 fd00::100/64")) << device;
        EXPECT_FALSE(device.contains("fe80")) << device;
        EXPECT_TRUE(device.contains("mtu 1500")) << device;
        EXPECT_TRUE(device.contains("02:42:0a:00:02:64")) << device;
        EXPECT_TRUE(printed("ip route").contains("default via 10.0.2.2 dev tap0"));
        EXPECT_TRUE(printed("ip -6 route").contains("default via fd00::2 dev tap0"));
    });
}

TEST(Tap, LeavesOutIPv6WhereItIsNotWanted) {
    in_namespaces([] {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        const Result<os::Fd> tap = make_tap(Settings{.ipv6 = false});
        ASSERT_TRUE(succeeds(tap));
        EXPECT_EQ(printed("ip -6 -o addr show tap0"), "");
    });
}

TEST(Tap, LeadsNowhereElseWithoutAGateway) {
    in_namespaces([] {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        const Result<os::Fd> tap = make_tap(os::NetDeviceSetup{
            .name = "eth1",
            .hardware = "\x02\x42\x0a\x59\x01\x02",
            .mtu = 1500,
            .places = {{.address = "\x0a\x59\x01\x02", .prefix = 24, .gateway = ""}}});
        ASSERT_TRUE(succeeds(tap));
        EXPECT_TRUE(printed("ip -o addr show eth1").contains("inet 10.89.1.2/24"));
        EXPECT_FALSE(printed("ip route").contains("default"));
    });
}

TEST(Tap, CanBeMadeWhereItSaysSo) { EXPECT_TRUE(succeeds(check_tap())); }

TEST(Tap, NeedsANetworkOfItsOwn) {
    test::in_namespaces([] {
        const Result<os::Fd> tap = make_tap(Settings());
        ASSERT_FALSE(tap);
        EXPECT_TRUE(test::fails_saying(tap, "make a device with '/dev/net/tun'"));
    });
}

}  // namespace
}  // namespace sbx::network
