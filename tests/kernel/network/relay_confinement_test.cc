#include "network/relay_confinement.h"

#include <functional>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/landlock.h"
#include "os/pipe.h"
#include "os/process.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::network {
namespace {

using test::succeeds;

// errno of what a confined process does; 0 where it may.
int errno_of(const std::function<long()>& call) {
    os::Process process = std::move(*os::spawn(0, [&] {
        if (!leave_all_but({}) || !confine_relay()) ::_exit(255);
        ::_exit(call() < 0 ? errno : 0);
    }));
    return process.wait()->code;
}

TEST(RelayConfinement, LeavesWhatIsKept) {
    test::in_own_process([] {
        const os::Pipe pipe = std::move(*os::open_pipe());
        ASSERT_TRUE(succeeds(leave_all_but({pipe.read_end})));
        EXPECT_EQ(::fcntl(pipe.write_end.get(), F_GETFD), -1);
        EXPECT_NE(::fcntl(pipe.read_end.get(), F_GETFD), -1);
        EXPECT_EQ(::prctl(PR_GET_DUMPABLE), 0);
        EXPECT_EQ(::getsid(0), ::getpid());
    });
}

TEST(RelayConfinement, AllowsSocketsOfTheInternet) {
    EXPECT_EQ(errno_of([] { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }), 0);
    EXPECT_EQ(errno_of([] { return ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0); }), 0);
}

TEST(RelayConfinement, RefusesAllElse) {
    const std::function<long()> kCalls[] = {
        [] { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); },
        [] { return ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0); },
        [] { return ::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP); },
        [] { return ::open("/etc/passwd", O_RDONLY | O_CLOEXEC); },
        [] { return ::syscall(SYS_unshare, 0x10000000); },
        [] { return ::syscall(SYS_setns, 0, 0); },
        [] { return ::syscall(SYS_ptrace, 0, 1, 0, 0); },
        [] { return ::syscall(SYS_execve, "/bin/true", nullptr, nullptr); },
        [] { return ::syscall(SYS_clone, 17, 0, 0, 0, 0); },
        [] { return ::syscall(SYS_kill, 1, 0); },
        [] { return ::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0); },
        [] { return ::syscall(SYS_fcntl, 0, F_SETOWN, ::getppid()); },
        [] { return ::syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0); },
    };
    for (const auto& call : kCalls)
        EXPECT_EQ(errno_of(call), EPERM) << &call - kCalls;
}

TEST(RelayConfinement, LeavesNoCapability) {
    IN_NAMESPACES {
        ASSERT_TRUE(succeeds(leave_all_but({})));
        EXPECT_EQ(::setdomainname("x", 1), -1);
    };
}

}  // namespace
}  // namespace sbx::network
