#include "network/confinement.h"

#include <array>
#include <functional>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/file.h"
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
        if (!leave_all_but({}) || !confine({})) ::_exit(255);
        ::_exit(call() < 0 ? errno : 0);
    }));
    return process.wait()->code;
}

TEST(NetworkConfinement, LeavesWhatIsKept) {
    test::in_own_process([] {
        const os::Pipe pipe = std::move(*os::open_pipe());
        ASSERT_TRUE(succeeds(leave_all_but({pipe.read_end})));
        EXPECT_EQ(::fcntl(pipe.write_end.get(), F_GETFD), -1);
        EXPECT_NE(::fcntl(pipe.read_end.get(), F_GETFD), -1);
        EXPECT_EQ(::prctl(PR_GET_DUMPABLE), 0);
        EXPECT_EQ(::getsid(0), ::getpid());
    });
}

TEST(NetworkConfinement, AllowsSocketsOfTheInternet) {
    EXPECT_EQ(errno_of([] { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }), 0);
    EXPECT_EQ(errno_of([] { return ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0); }), 0);
}

TEST(NetworkConfinement, RefusesAllElse) {
    const std::function<long()> kCalls[] = {
        [] { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); },
        [] { return ::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0); },
        [] { return ::ioctl(0, FIONREAD, nullptr); },
        [] {
            return reinterpret_cast<long>(
                ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        },
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

// What the kernel says of a process, by anybody who asks.
std::string capabilities_of(const std::string& process) {
    const std::string status = os::read_proc(fmt::format("/proc/{}/status", process)).value_or("");
    const std::size_t at = status.find("CapEff:\t");
    return at == status.npos ? "" : status.substr(at + 8, 16);
}

TEST(NetworkConfinement, LeavesNoCapability) {
    test::in_namespaces([] {
        EXPECT_NE(capabilities_of("self"), std::string(16, '0'));
        os::Pipe ready = std::move(*os::open_pipe());
        os::Process process = std::move(*os::spawn(0, [&] {
            constexpr std::array<std::uint32_t, 2> kTalk = {SYS_read, SYS_write};
            if (!leave_all_but({ready.write_end}) || !confine({.calls = kTalk})) ::_exit(255);
            (void)!::write(ready.write_end.get(), "r", 1);
            for (;;)
                (void)!::read(0, nullptr, 0);
        }));
        ready.write_end.reset();
        char byte = 0;
        ASSERT_EQ(::read(ready.read_end.get(), &byte, 1), 1);
        EXPECT_EQ(capabilities_of(fmt::format("{}", process.pid())), std::string(16, '0'));
    });
}

}  // namespace
}  // namespace sbx::network
