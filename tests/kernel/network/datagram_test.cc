#include "network/datagram.h"

#include <gtest/gtest.h>

#include "network/listen.h"
#include "support/sockets.h"

namespace sbx::network {
namespace {

TEST(Datagram, IsAnsweredFromTheAddressThatWasAsked) {
    for (const auto& [all, one] : {std::pair("0.0.0.0", "127.0.0.5"), std::pair("::", "::1")}) {
        const auto listeners = listen_on_host(
            {{.address = all, .container = {.number = 1, .protocol = Protocol::udp}}});
        ASSERT_TRUE(listeners);
        const Endpoint asked = *Endpoint::parse(one, listeners->front().port.host_port);
        const os::Fd client = test::open_socket(asked.family(), SOCK_DGRAM);
        ASSERT_EQ(::connect(client.get(), asked.raw(), asked.size()), 0);
        ASSERT_TRUE(test::say(client, "question"));
        char bytes[64];
        const auto datagram = receive_datagram(listeners->front().socket, bytes);
        ASSERT_TRUE(datagram);
        EXPECT_EQ(std::string(bytes, datagram->size), "question");
        EXPECT_EQ(datagram->own.address(), one);
        EXPECT_EQ(datagram->peer, Endpoint::of_socket(client.get()));
        send_datagram(listeners->front().socket, *datagram, std::string_view("answer"));
        EXPECT_EQ(test::hear(client), "answer");
    }
}

TEST(Datagram, IsNotThereBeforeItComes) {
    const auto listeners = listen_on_host(
        {{.address = "127.0.0.1", .container = {.number = 1, .protocol = Protocol::udp}}});
    char bytes[8];
    EXPECT_FALSE(receive_datagram(listeners->front().socket, bytes));
}

}  // namespace
}  // namespace sbx::network
