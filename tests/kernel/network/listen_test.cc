#include "network/listen.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include "os/caps.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/sockets.h"

namespace sbx::network {
namespace {

using test::fails_saying;
using test::succeeds;

Result<std::vector<Listener>> listen(const std::string& text) {
    return listen_on_host(*parse_publish(text, "127.0.0.1"));
}

TEST(Listen, FindsAFreePortAndTellsIt) {
    const auto listeners = listen("80-81");
    ASSERT_TRUE(succeeds(listeners));
    ASSERT_EQ(listeners->size(), 2U);
    for (const Listener& listener : *listeners) {
        EXPECT_NE(listener.port.host_port, 0);
        EXPECT_TRUE(test::connected_socket(AF_INET, SOCK_STREAM, listener.port.host_port));
    }
    EXPECT_EQ(listeners->back().port.container.number, 81);
}

TEST(Listen, NamesThePortThatIsTakenAndWhoHasIt) {
    const os::Fd taken = test::bound_socket(AF_INET, SOCK_STREAM);
    const auto failed = listen(fmt::format("{}:80", test::port_of(taken)));
    EXPECT_TRUE(failed.failed_as(Error::Kind::busy));
    EXPECT_TRUE(fails_saying(
        failed, fmt::format("publish on 127.0.0.1:{}/tcp: the port is in use, by process {} (",
                            test::port_of(taken), ::getpid())));
}

TEST(Listen, TakesTheFirstFreeOneOfARange) {
    const os::Fd taken = test::bound_socket(AF_INET, SOCK_DGRAM);
    const int port = test::port_of(taken);
    const auto range = [&](int last) { return fmt::format("{}-{}:53/udp", port, last); };
    const auto listeners = listen(range(port + 50));
    ASSERT_TRUE(succeeds(listeners));
    EXPECT_GT(listeners->front().port.host_port, port);
    EXPECT_EQ(listeners->front().port.last_choice, 0);
}

TEST(Listen, SaysThatAllOfARangeAreTaken) {
    IN_NAMESPACES {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        const auto first = listen("0.0.0.0:2000:1");
        ASSERT_TRUE(succeeds(first));
        const auto second = listen("0.0.0.0:2001:1");
        ASSERT_TRUE(succeeds(second));
        EXPECT_TRUE(fails_saying(listen("0.0.0.0:2000-2001:80"),
                                 "0.0.0.0:2000/tcp: all ports up to 2001 are in use"));
    };
}

TEST(Listen, TakesFreePortsAfterThoseThatAreNamed) {
    IN_NAMESPACES {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        std::vector<PortMapping> ports = *parse_publish("80", "0.0.0.0");
        const auto named = *parse_publish("32768-33267:1-500", "0.0.0.0");
        ports.insert(ports.end(), named.begin(), named.end());
        EXPECT_TRUE(succeeds(listen_on_host(ports)));
    };
}

TEST(Listen, SaysWhatIsNotForUsers) {
    IN_NAMESPACES {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        ASSERT_TRUE(succeeds(os::set_capabilities({})));
        const auto failed = listen("0.0.0.0:80:80");
        EXPECT_TRUE(failed.failed_as(Error::Kind::denied));
        EXPECT_TRUE(fails_saying(failed, "ports below 1024 are not for ordinary users"));
        EXPECT_TRUE(failed.error().hint().contains("net.ipv4.ip_unprivileged_port_start=80"));
    };
}

TEST(Listen, SaysThatTheAddressIsAnothers) {
    EXPECT_TRUE(fails_saying(listen("192.0.2.7:0:80"), "this machine has no such address"));
}

TEST(Listen, LeavesAPortFreeAtOnce) {
    std::uint16_t port = 0;
    for (int round = 0; round < 2; ++round) {
        const auto listeners = listen(fmt::format("{}:80", port));
        ASSERT_TRUE(succeeds(listeners));
        port = listeners->front().port.host_port;
        const os::Fd client = test::connected_socket(AF_INET, SOCK_STREAM, port);
        const os::Fd server = test::accepted_socket(listeners->front().socket);
        EXPECT_TRUE(server);
    }
}

}  // namespace
}  // namespace sbx::network
