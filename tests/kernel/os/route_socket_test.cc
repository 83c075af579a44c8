#include "os/route_socket.h"

#include <net/if.h>
#include <sched.h>

#include <gtest/gtest.h>

#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::in_namespaces;
using test::succeeds;

ifinfomsg loopback() {
    ifinfomsg device{};
    device.ifi_index = static_cast<int>(::if_nametoindex("lo"));
    return device;
}

TEST(RouteSocket, TellsOfADeviceAndChangesIt) {
    in_namespaces([] {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        const Result<RouteSocket> socket = RouteSocket::open();
        ASSERT_TRUE(succeeds(socket));
        RouteRequest smaller(RTM_NEWLINK, NLM_F_ACK, loopback());
        smaller.add_number(IFLA_MTU, 1400);
        ASSERT_TRUE(succeeds(socket->change(std::move(smaller))));

        const Result<std::string> body = socket->get(RouteRequest(RTM_GETLINK, 0, loopback()));
        ASSERT_TRUE(succeeds(body));
        std::uint32_t mtu = 0;
        for (const RouteAttribute& attribute : route_object<ifinfomsg>(*body).attributes)
            if (attribute.type == IFLA_MTU) std::memcpy(&mtu, attribute.value.data(), sizeof mtu);
        EXPECT_EQ(mtu, 1400U);
        const auto all = socket->list(RouteRequest(RTM_GETLINK, NLM_F_DUMP, ifinfomsg{}));
        ASSERT_TRUE(succeeds(all));
        EXPECT_FALSE(all->empty());
    });
}

TEST(RouteSocket, PassesOnWhatTheKernelRefuses) {
    in_namespaces([] {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        const Result<RouteSocket> socket = RouteSocket::open();
        ASSERT_TRUE(succeeds(socket));
        ifinfomsg device{};
        device.ifi_index = 1 << 30;
        EXPECT_TRUE(socket->change(RouteRequest(RTM_NEWLINK, NLM_F_ACK, device))
                        .failed_with(std::errc::no_such_device));
        EXPECT_TRUE(socket->get(RouteRequest(RTM_GETLINK, 0, device))
                        .failed_with(std::errc::no_such_device));
    });
}

TEST(RouteObject, OfTooFewBytesIsEmpty) {
    EXPECT_EQ(route_object<ifinfomsg>("abc").about.ifi_index, 0);
    EXPECT_TRUE(route_attributes("\x40\x00\x01\x00").empty()) << "it says it is longer";
}

}  // namespace
}  // namespace sbx::os
