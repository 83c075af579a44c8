#include "network/inside.h"

#include <gtest/gtest.h>
#include <sched.h>

#include "os/process.h"
#include "support/namespaces.h"

namespace sbx::network {
namespace {

std::vector<std::string> words(const std::vector<Endpoint>& ways) {
    std::vector<std::string> all;
    for (const Endpoint& way : ways)
        all.push_back(to_text(way));
    return all;
}
using Strings = std::vector<std::string>;

TEST(Inside, WithoutANetworkThereIsLoopback) {
    IN_NAMESPACES {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        EXPECT_EQ(words(ways_to(80, AF_INET)), (Strings{"127.0.0.1:80", "[::1]:80"}));
        EXPECT_EQ(words(ways_to(80, AF_INET6)), (Strings{"[::1]:80", "127.0.0.1:80"}));
    };
}

TEST(Inside, TheAddressInANetworkComesFirst) {
    IN_NAMESPACES {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        const std::string script =
            "ip link set lo up && ip addr add 10.0.2.100/24 dev lo && "
            "ip route add default dev lo src 10.0.2.100";
        os::Process ip = std::move(*os::start({.argv = {"/bin/sh", "-c", script}}));
        ASSERT_EQ(ip.wait()->code, 0);
        EXPECT_EQ(words(ways_to(80, AF_INET)),
                  (Strings{"10.0.2.100:80", "127.0.0.1:80", "[::1]:80"}));
    };
}

}  // namespace
}  // namespace sbx::network
