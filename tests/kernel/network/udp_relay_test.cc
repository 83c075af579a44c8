#include "network/udp_relay.h"

#include <gtest/gtest.h>

#include "os/process.h"
#include "support/results.h"
#include "support/sockets.h"

namespace sbx::network {
namespace {

using test::succeeds;

class UdpRelayTest : public testing::TestWithParam<int> {
protected:
    UdpRelayTest() {
        auto listeners = listen_on_host(
            {{.address = "127.0.0.1",
              .container = {.number = test::port_of(server_), .protocol = Protocol::udp}}});
        port_ = listeners->front().port.host_port;
        EXPECT_TRUE(succeeds(relay_.add(std::move(listeners->front()))));
    }
    os::Fd client() const { return test::connected_socket(AF_INET, SOCK_DGRAM, port_); }

    // Has the relay work until there is something to hear.
    std::string hear(const os::Fd& socket) {
        for (pollfd next{.fd = socket.get(), .events = POLLIN, .revents = 0};
             ::poll(&next, 1, 0) == 0;) {
            (void)relay_.turn(UdpRelay::Clock::now());
            EXPECT_TRUE(succeeds(events_.wait(10'000)));
        }
        return test::hear(socket);
    }

    // The server's answer goes to whoever asked last.
    void answer(const std::string& words) {
        Endpoint peer;
        socklen_t size = sizeof(sockaddr_in6);
        char bytes[64];
        for (pollfd next{.fd = server_.get(), .events = POLLIN, .revents = 0};
             ::poll(&next, 1, 0) == 0;)
            EXPECT_TRUE(succeeds(events_.wait(10'000)));
        const ssize_t got = ::recvfrom(server_.get(), bytes, sizeof bytes, 0, peer.raw(), &size);
        ASSERT_GT(got, 0);
        const std::string text = words + std::string(bytes, static_cast<std::size_t>(got));
        ASSERT_GT(::sendto(server_.get(), text.data(), text.size(), 0, peer.raw(), size), 0);
    }

    os::Fd server_ = test::bound_socket(GetParam(), SOCK_DGRAM);
    Events events_ = std::move(*Events::open());
    UdpRelay relay_ = UdpRelay(events_, 3);
    std::uint16_t port_ = 0;
};
INSTANTIATE_TEST_SUITE_P(ToBothFamilies, UdpRelayTest, testing::Values(AF_INET, AF_INET6));

TEST_P(UdpRelayTest, TellsPeersApart) {
    const os::Fd one = client();
    const os::Fd other = client();
    ASSERT_TRUE(test::say(one, "1"));
    answer("re: ");
    ASSERT_TRUE(test::say(other, "2"));
    answer("re: ");
    EXPECT_EQ(hear(other), "re: 2");
    EXPECT_EQ(hear(one), "re: 1");
    EXPECT_EQ(relay_.peers(), 2U);
}

TEST_P(UdpRelayTest, ForgetsTheSilent) {
    const os::Fd one = client();
    ASSERT_TRUE(test::say(one, "1"));
    answer("");
    EXPECT_EQ(hear(one), "1");
    const auto now = UdpRelay::Clock::now();
    EXPECT_GT(relay_.turn(now + std::chrono::seconds(60)), 0);
    EXPECT_EQ(relay_.peers(), 1U);
    EXPECT_EQ(relay_.turn(now + std::chrono::seconds(91)), -1);
    EXPECT_EQ(relay_.peers(), 0U);
}

TEST_P(UdpRelayTest, HasRoomForTheNew) {
    std::vector<os::Fd> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(client());
        ASSERT_TRUE(test::say(clients.back(), fmt::format("{}", i)));
        answer("");
        EXPECT_EQ(hear(clients.back()), fmt::format("{}", i));
    }
    EXPECT_EQ(relay_.peers(), 3U);
}

TEST_P(UdpRelayTest, LosesWhatNobodyListensFor) {
    const std::uint16_t port = test::port_of(server_);
    server_.reset();
    const os::Fd one = client();
    ASSERT_TRUE(test::say(one, "lost"));
    ASSERT_TRUE(succeeds(events_.wait(10'000)));
    EXPECT_EQ(relay_.peers(), 0U);
    server_ = test::bound_socket(GetParam(), SOCK_DGRAM, port);
    ASSERT_TRUE(server_);
    ASSERT_TRUE(test::say(one, "kept"));
    answer("");
    EXPECT_EQ(hear(one), "kept");
}

}  // namespace
}  // namespace sbx::network
