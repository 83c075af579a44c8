#include "os/net_device.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/process.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::fails_saying;
using test::in_namespaces;
using test::succeeds;

bool shell(const std::string& command, FdView output = FdView::number(2)) {
    Result<Process> process =
        start({.argv = {"/bin/sh", "-c", command}, .output = output, .errors = output});
    return process && process->wait()->code == 0;
}

// Two network namespaces of this test's own; in the one it is in there is the device "here".
void between_two_networks(const std::function<void(FdView other)>& body) {
    in_namespaces([&] {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        const Process other = *spawn(CLONE_NEWNET, [] {
            for (;;)
                ::pause();
        });
        const Fd ns(
            ::open(fmt::format("/proc/{}/ns/net", other.pid()).c_str(), O_RDONLY | O_CLOEXEC));
        ASSERT_TRUE(ns);
        ASSERT_TRUE(shell("ip link add here type veth peer name peer"));
        body(ns);
    });
}

// What `command` prints in the namespace of `ns`.
std::string printed_in(FdView ns, const std::string& command) {
    const test::TempFolder folder;
    test::make_file(folder.at("out"));
    const Fd out(::open(folder.at("out").c_str(), O_WRONLY | O_CLOEXEC));
    Process process = *spawn(0, [&] {
        if (::setns(ns.get(), CLONE_NEWNET) != 0) ::_exit(1);
        ::_exit(shell(command, out) ? 0 : 1);
    });
    EXPECT_EQ(process.wait()->code, 0);
    return test::bytes_of(folder.at("out"));
}

TEST(MoveNetDevice, TakesItsLastingAddressesAlong) {
    between_two_networks([](FdView other) {
        ASSERT_TRUE(
            shell("ip link set here up mtu 1400 && ip addr add 10.9.8.7/24 dev here && "
                  "ip addr add fd00::7/64 dev here nodad && "
                  "ip addr add 10.9.9.9/24 dev here scope link && "
                  "ip addr add 10.9.7.7/24 dev here valid_lft 100 preferred_lft 100"));
        ASSERT_TRUE(succeeds(move_net_device("here", other, "there")));
        EXPECT_EQ(::if_nametoindex("here"), 0U);
        const std::string addresses = printed_in(other, "ip -o addr show dev there");
        EXPECT_TRUE(addresses.contains("inet 10.9.8.7/24")) << addresses;
        EXPECT_TRUE(addresses.contains("inet6 fd00::7/64")) << addresses;
        EXPECT_FALSE(addresses.contains("10.9.9.9")) << addresses;
        EXPECT_FALSE(addresses.contains("10.9.7.7")) << addresses;
        const std::string link = printed_in(other, "ip -o link show dev there");
        EXPECT_TRUE(link.contains("mtu 1400")) << link;
        EXPECT_TRUE(link.contains("UP")) << link;
    });
}

TEST(MoveNetDevice, NumbersATemplate) {
    between_two_networks([](FdView other) {
        ASSERT_TRUE(succeeds(move_net_device("here", other, "net%d")));
        ASSERT_TRUE(succeeds(move_net_device("peer", other, "net%d")));
        const std::string links = printed_in(other, "ip -o link show up");
        EXPECT_TRUE(links.contains(" net0")) << links;
        EXPECT_TRUE(links.contains(" net1")) << links;
    });
}

TEST(MoveNetDevice, SaysWhyNotAndMovesNothing) {
    between_two_networks([](FdView other) {
        const Result<> taken = move_net_device("here", other, "lo");
        EXPECT_TRUE(taken.failed_as(Error::Kind::exists));
        EXPECT_TRUE(fails_saying(taken, "device 'here': the container has a 'lo' already"));
        EXPECT_NE(::if_nametoindex("here"), 0U);
        EXPECT_TRUE(move_net_device("nosuch", other, "x").failed_as(Error::Kind::not_found));
        EXPECT_TRUE(fails_saying(move_net_device("lo", other, "x"), "device 'lo': change"));
        const Fd no_namespace(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        EXPECT_TRUE(fails_saying(move_net_device("here", no_namespace, "x"),
                                 "device 'here': enter the network namespace"));
    });
}

}  // namespace
}  // namespace sbx::os
