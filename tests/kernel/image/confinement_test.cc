#include "image/confinement.h"

#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "os/file.h"
#include "os/landlock.h"
#include "os/process.h"
#include "os/socket.h"
#include "support/canary.h"
#include "support/namespaces.h"

namespace sbx::image {
namespace {

// Runs in a confined process, which says what it found by its exit status: gtest cannot speak here.
class Confinement : public testing::Test {
protected:
    void expect_inside(const std::function<bool()>& holds) {
        IN_NAMESPACES {
            const os::Fd staging = *os::open_directory(os::FdView::cwd(), scratch_.tree());
            const os::SocketPair line = *os::open_socket_pair();
            Result<os::Process> child = os::spawn(0, [&] {
                staging_ = staging.get();
                ::_exit(confine(line.one, staging) && holds() ? 0 : 1);
            });
            ASSERT_TRUE(child);
            EXPECT_EQ(child->wait()->code, 0);
        };
    }
    bool makes(const std::string& path) const {
        return os::Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)).get() >= 0;
    }

    test::Scratch scratch_;
    int staging_ = -1;
};

TEST_F(Confinement, LeavesTheStagingDirectoryToChange) {
    expect_inside([&] {
        const os::Fd made(::openat(staging_, "x", O_WRONLY | O_CREAT | O_CLOEXEC, 0640));
        return made && ::write(made.get(), "x", 1) == 1 &&
               ::mknodat(staging_, "w", S_IFCHR, 0) == 0 && ::mkdirat(staging_, "d", 0755) == 0 &&
               ::linkat(staging_, "x", staging_, "d/y", 0) == 0 &&
               ::symlinkat("/etc", staging_, "l") == 0 && ::fchmod(made.get(), 04755) == 0;
    });
}

TEST_F(Confinement, ShowsNothingOfTheHost) {
    if (os::landlock_version() < 2) GTEST_SKIP() << "this kernel has no Landlock for it";
    expect_inside([&] {
        const os::Fd passwd(::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
        const os::Fd through(::openat(staging_, "../CANARY/secret", O_RDONLY | O_CLOEXEC));
        return !passwd && !through && !makes(scratch_.canary() + "/pwned") && !makes("/tmp/pwned");
    });
    EXPECT_TRUE(scratch_.canary_is_untouched());
}

TEST_F(Confinement, KnowsNoProgramsSocketsOrNamespaces) {
    expect_inside([] {
        char* const none[] = {nullptr};
        return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0 && errno == EPERM &&
               ::execve("/bin/true", none, none) < 0 && errno == EPERM &&
               ::unshare(CLONE_NEWUSER) < 0 && errno == EPERM &&
               ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) < 0 && errno == EPERM;
    });
}

TEST_F(Confinement, StartsWithNothingOfItsParents) {
    const os::Fd secret(::open((scratch_.canary() + "/secret").c_str(), O_RDONLY | O_CLOEXEC));
    ::setenv("SBX_TEST_TOKEN", "hunter2", 1);
    expect_inside([&] {
        return ::fcntl(secret.get(), F_GETFD) < 0 && ::getenv("SBX_TEST_TOKEN") == nullptr;
    });
    ::unsetenv("SBX_TEST_TOKEN");
}

TEST_F(Confinement, OfAProcessThatMakesFilesStartsNoOthers) {
    expect_inside([&] {
        if (!allow_files_alone()) return false;
        const Result<os::Process> child = os::spawn(0, [] {});
        return !child && ::mkdirat(staging_, "d", 0755) == 0;
    });
}

TEST_F(Confinement, OfAProcessThatReadsStreamsOpensNothing) {
    expect_inside([&] {
        if (!allow_streams_alone()) return false;
        const os::Fd opened(::openat(staging_, "x", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        return !opened && errno == EPERM && ::mkdirat(staging_, "d", 0755) != 0;
    });
}

}  // namespace
}  // namespace sbx::image
