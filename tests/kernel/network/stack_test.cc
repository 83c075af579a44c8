#include "network/stack.h"

#include <sched.h>
#include <signal.h>

#include <gtest/gtest.h>

#include "network/tap.h"
#include "os/file.h"
#include "os/namespaces.h"
#include "os/process.h"
#include "os/socket.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::network {
namespace {

using test::in_namespaces;
using test::succeeds;

TEST(Stack, ServesItsDeviceUntilItIsStopped) {
    in_namespaces([] {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        const Result<os::Fd> tap = make_tap(Settings());
        ASSERT_TRUE(succeeds(tap));
        pid_t pid = 0;
        {
            Result<Stack> stack = Stack::start({});
            ASSERT_TRUE(succeeds(stack));
            ASSERT_TRUE(succeeds(stack->serve(*tap, *os::own_network_namespace())));
            ASSERT_TRUE(succeeds(stack->await()));
            pid = stack->pid();
            EXPECT_FALSE(os::read_proc(fmt::format("/proc/{}/environ", pid)))
                << "nobody looks at it";
            EXPECT_EQ(::kill(pid, 0), 0);
        }
        EXPECT_TRUE(test::comes_true([&] { return !os::start_time_of(pid); }));
    });
}

TEST(Stack, SaysWhatItCannotServe) {
    in_namespaces([] {
        os::SocketPair pair = *os::open_socket_pair();
        Result<Stack> stack = Stack::start({.settings = {.mtu = 70000}});
        ASSERT_TRUE(succeeds(stack));
        ASSERT_TRUE(succeeds(stack->serve(pair.one, pair.other)));
        EXPECT_TRUE(test::fails_saying(stack->await(), "libslirp does not take the settings"));
    });
}

}  // namespace
}  // namespace sbx::network
