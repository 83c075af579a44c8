#include "network/stack.h"

#include <sched.h>

#include <gtest/gtest.h>

#include "network/tap.h"
#include "os/file.h"
#include "os/socket.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::network {
namespace {

using test::in_namespaces;
using test::succeeds;

TEST(Stack, ServesItsDeviceUntilItIsStopped) {
    in_namespaces([] {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        Result<os::Fd> tap = make_tap(Settings());
        ASSERT_TRUE(succeeds(tap));
        Result<Stack> stack = Stack::start({});
        ASSERT_TRUE(succeeds(stack));
        ASSERT_TRUE(succeeds(stack->serve(*tap)));
        ASSERT_TRUE(succeeds(stack->await()));
        EXPECT_FALSE(os::read_proc(fmt::format("/proc/{}/environ", stack->pid())))
            << "nobody looks at it";
        stack->stop();
        stack->wait();
    });
}

TEST(Stack, SaysWhatItCannotServe) {
    in_namespaces([] {
        os::SocketPair pair = *os::open_socket_pair();
        Result<Stack> stack = Stack::start({.mtu = 70000});
        ASSERT_TRUE(succeeds(stack));
        ASSERT_TRUE(succeeds(stack->serve(pair.one)));
        EXPECT_TRUE(test::fails_saying(stack->await(), "libslirp does not take the settings"));
    });
}

}  // namespace
}  // namespace sbx::network
