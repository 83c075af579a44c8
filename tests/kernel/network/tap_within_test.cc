#include "network/tap_within.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "network/membership.h"
#include "os/file.h"
#include "os/process.h"
#include "support/lan.h"
#include "support/namespaces.h"

namespace sbx::network {
namespace {

const os::NetDeviceSetup kSetup = device_of(
    test::shared_network(),
    {.v4 = test::address("10.89.0.2"), .hardware = "\x02\x42\x0a\x59\x01\x02"}, "eth3", Way::out);

TEST(TapWithin, IsADeviceOfTheOtherNamespace) {
    test::in_namespaces([] {
        os::Process container = std::move(*os::spawn(CLONE_NEWNET, [] { ::pause(); }));
        const Result<os::Fd> tap = make_tap_within(container.pidfd(), CLONE_NEWNET, kSetup);
        ASSERT_TRUE(test::succeeds(tap));
        const std::string devices =
            *os::read_proc(fmt::format("/proc/{}/net/dev", container.pid()));
        EXPECT_TRUE(devices.contains("eth3")) << devices;
        EXPECT_FALSE(os::read_proc("/proc/self/net/dev")->contains("eth3"));
        EXPECT_TRUE(test::fails_saying(make_tap_within(container.pidfd(), CLONE_NEWNET, kSetup),
                                       "device 'eth3'"));
        (void)container.signal(SIGKILL);
        (void)container.wait();
    });
}

TEST(LeadOutWithin, HasTheDeviceBeTheWayOut) {
    test::in_namespaces([] {
        os::Process container = std::move(*os::spawn(CLONE_NEWNET, [] { ::pause(); }));
        os::NetDeviceSetup other = kSetup;
        other.name = "eth4";
        other.places[0].address = test::address("10.90.0.2").bytes();
        other.places[0].gateway = "";
        const Result<os::Fd> first = make_tap_within(container.pidfd(), CLONE_NEWNET, kSetup);
        const Result<os::Fd> second = make_tap_within(container.pidfd(), CLONE_NEWNET, other);
        ASSERT_TRUE(test::succeeds(first));
        ASSERT_TRUE(test::succeeds(second));
        const auto way_out = [&] {
            const std::string routes =
                *os::read_proc(fmt::format("/proc/{}/net/route", container.pid()));
            return routes.substr(routes.find('\n') + 1, 22);
        };
        EXPECT_EQ(way_out(), "eth3\t00000000\t0100590A");
        other.places[0].gateway = test::address("10.90.0.1").bytes();
        other.places.emplace_back().gateway = test::address("fd00:9::1").bytes();
        EXPECT_TRUE(test::succeeds(lead_out_within(container.pidfd(), CLONE_NEWNET, other)));
        EXPECT_EQ(way_out(), "eth4\t00000000\t01005A0A");
        other.name = "eth9";
        EXPECT_TRUE(test::fails_saying(lead_out_within(container.pidfd(), CLONE_NEWNET, other),
                                       "there is no device 'eth9'"));
        (void)container.signal(SIGKILL);
        (void)container.wait();
    });
}

}  // namespace
}  // namespace sbx::network
