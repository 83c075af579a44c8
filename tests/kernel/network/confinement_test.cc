#include "network/confinement.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/syscall.h>

#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::network {
namespace {

using test::succeeds;

bool can_open(int family, int type) { return bool{os::Fd(::socket(family, type, 0))}; }

// gtest needs files for what fails: what was seen is kept until the process may tell it.
TEST(NetworkConfinement, LeavesSocketsAndNothingElse) {
    test::in_own_process([] {
        int pipe[2];
        ASSERT_EQ(::pipe(pipe), 0);
        const os::Fd other(::open("/", O_RDONLY | O_DIRECTORY));
        ASSERT_TRUE(succeeds(confine({os::FdView::number(pipe[1])})));
        EXPECT_EQ(::fcntl(other.get(), F_GETFD), -1);
        EXPECT_EQ(::fcntl(pipe[0], F_GETFD), -1);
        EXPECT_EQ(::fcntl(pipe[1], F_GETFD), 0);
        EXPECT_TRUE(can_open(AF_INET, SOCK_STREAM));
        EXPECT_TRUE(can_open(AF_INET6, SOCK_DGRAM));
        EXPECT_FALSE(can_open(AF_INET, SOCK_RAW));
        EXPECT_FALSE(can_open(AF_UNIX, SOCK_STREAM));
        EXPECT_FALSE(can_open(AF_NETLINK, SOCK_RAW));
        EXPECT_FALSE(can_open(AF_PACKET, SOCK_DGRAM));
        EXPECT_EQ(::open("/dev/null", O_RDONLY), -1);
        struct stat status{};
        EXPECT_EQ(::stat("/", &status), -1);
        EXPECT_EQ(::fork(), -1);
        EXPECT_EQ(::execl("/bin/true", "true", nullptr), -1);
        EXPECT_EQ(::kill(::getppid(), 0), -1);
        EXPECT_EQ(::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0), -1);
        EXPECT_EQ(::prctl(PR_SET_DUMPABLE, 1), -1);
        EXPECT_EQ(::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                  MAP_FAILED);
    });
}

}  // namespace
}  // namespace sbx::network
