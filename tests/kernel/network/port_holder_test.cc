#include "network/port_holder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "support/sockets.h"

namespace sbx::network {
namespace {

TEST(PortHolder, IsTheProcessThatListens) {
    for (const int family : {AF_INET, AF_INET6}) {
        const os::Fd socket = test::bound_socket(family, SOCK_STREAM);
        const Endpoint here = Endpoint::of_socket(socket.get());
        const auto holder = holder_of(here, Protocol::tcp);
        ASSERT_TRUE(holder) << to_text(here);
        EXPECT_EQ(holder->pid, ::getpid());
        EXPECT_NE(holder->name, "");
        EXPECT_FALSE(holder_of(here, Protocol::udp));
        Endpoint other = *Endpoint::parse(family == AF_INET ? "127.9.9.9" : "::9", here.port());
        EXPECT_FALSE(holder_of(other, Protocol::tcp));
        other = *Endpoint::parse(family == AF_INET ? "0.0.0.0" : "::", here.port());
        EXPECT_TRUE(holder_of(other, Protocol::tcp));
    }
}

TEST(PortHolder, IsTheProcessThatGetsDatagrams) {
    const os::Fd socket = test::bound_socket(AF_INET, SOCK_DGRAM);
    const auto holder = holder_of(Endpoint::of_socket(socket.get()), Protocol::udp);
    ASSERT_TRUE(holder);
    EXPECT_EQ(holder->pid, ::getpid());
}

TEST(PortHolder, IsNobodyWhereThePortIsFree) {
    os::Fd socket = test::bound_socket(AF_INET, SOCK_STREAM);
    const Endpoint here = Endpoint::of_socket(socket.get());
    socket.reset();
    EXPECT_FALSE(holder_of(here, Protocol::tcp));
}

}  // namespace
}  // namespace sbx::network
