#include "os/routes.h"

#include <algorithm>

#include <sched.h>

#include <gtest/gtest.h>

#include "os/process.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::in_namespaces;
using test::succeeds;

bool shell(const std::string& command) {
    Result<Process> process = start({.argv = {"/bin/sh", "-c", command},
                                     .output = FdView::number(2),
                                     .errors = FdView::number(2)});
    return process && process->wait()->code == 0;
}

std::string v4(const char* bytes) { return {bytes, 4}; }
std::string v6(char last) { return "\xfd" + std::string(14, '\0') + last; }

TEST(Routes, TellWhatEndsHere) {
    in_namespaces([] {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        ASSERT_TRUE(
            shell("ip link set lo up && ip link add here type veth peer name peer && "
                  "ip link set here up && ip link set peer up && "
                  "ip addr add 10.9.8.7/24 dev here && ip addr add fd00::7/64 dev here nodad && "
                  "ip route add default via 10.9.8.1 && ip route add 10.1.0.0/16 dev lo && "
                  "ip route add prohibit 10.2.0.0/16"));
        const Result<Routes> routes = Routes::open();
        ASSERT_TRUE(succeeds(routes));
        EXPECT_TRUE(*routes->ends_here(v4("\x0a\x09\x08\x07")));
        EXPECT_TRUE(*routes->ends_here(v4("\x0a\x09\x08\xff"))) << "a broadcast";
        EXPECT_TRUE(*routes->ends_here(v4("\x7f\x00\x00\x01")));
        EXPECT_FALSE(*routes->ends_here(v4("\x0a\x09\x08\x08")));
        EXPECT_FALSE(*routes->ends_here(v4("\x01\x01\x01\x01")));
        EXPECT_TRUE(
            routes->ends_here(v4("\x0a\x02\x00\x01")).failed_with(std::errc::permission_denied))
            << "it is nobody's to tell";
        EXPECT_TRUE(*routes->ends_here(v6(7)));
        EXPECT_FALSE(*routes->ends_here(v6(8)));
        ASSERT_TRUE(shell("ip addr add 10.9.9.9/32 dev lo"));
        EXPECT_TRUE(*routes->ends_here(v4("\x0a\x09\x09\x09"))) << "it is new";
    });
}

TEST(Routes, LeadToDestinations) {
    in_namespaces([] {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        ASSERT_TRUE(
            shell("ip link set lo up && ip route add 10.1.0.0/16 dev lo && "
                  "ip route add default dev lo"));
        const Result<Routes> routes = Routes::open();
        ASSERT_TRUE(succeeds(routes));
        const Result<std::vector<Routes::Destination>> all = routes->destinations();
        ASSERT_TRUE(succeeds(all));
        const auto leads_to = [&](const std::string& address, unsigned bits) {
            return std::ranges::any_of(*all, [&](const Routes::Destination& one) {
                return one.address == address && one.bits == bits;
            });
        };
        EXPECT_TRUE(leads_to(std::string("\x0a\1\0\0", 4), 16));
        EXPECT_TRUE(leads_to(std::string("\x7f\0\0\0", 4), 8)) << "the loopback's";
        EXPECT_FALSE(leads_to(std::string(4, '\0'), 0)) << "all the rest is no destination";
    });
}

TEST(Routes, AreNoneInANamespaceWithoutAny) {
    in_namespaces([] {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        const Result<Routes> routes = Routes::open();
        ASSERT_TRUE(succeeds(routes));
        EXPECT_FALSE(*routes->ends_here(v4("\x01\x01\x01\x01")));
        EXPECT_FALSE(*routes->ends_here(v6(8)));
    });
}

}  // namespace
}  // namespace sbx::os
