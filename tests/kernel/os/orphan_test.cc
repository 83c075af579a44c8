#include "os/orphan.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/pipe.h"
#include "os/process.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::succeeds;

// The parent of an orphan, as it sees it itself once it is told to look.
pid_t parent_of_orphan() {
    const Pipe asked = *open_pipe();
    const Pipe told = *open_pipe();
    const Result<pid_t> pid = spawn_orphan([&] {
        char byte = 0;
        (void)!::read(asked.read_end.get(), &byte, 1);
        const pid_t parent = ::getppid();
        (void)!::write(told.write_end.get(), &parent, sizeof parent);
    });
    EXPECT_TRUE(succeeds(pid));
    EXPECT_GT(pid.value_or(0), 1);
    pid_t parent = -1;
    EXPECT_EQ(::write(asked.write_end.get(), "x", 1), 1);
    EXPECT_EQ(::read(told.read_end.get(), &parent, sizeof parent), ssize_t{sizeof parent});
    return parent;
}

TEST(Orphan, IsNoChild) {
    test::in_own_process([] {
        EXPECT_NE(parent_of_orphan(), ::getpid());
        EXPECT_EQ(::waitpid(-1, nullptr, 0), -1);
        EXPECT_EQ(errno, ECHILD);
    });
}

TEST(Orphan, IsNotAdoptedByWhoAdoptsOrphans) {
    test::in_own_process([] {
        ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
        EXPECT_NE(parent_of_orphan(), ::getpid());
        int adopts = 0;
        ASSERT_EQ(::prctl(PR_GET_CHILD_SUBREAPER, &adopts, 0, 0, 0), 0);
        EXPECT_EQ(adopts, 1) << "others still are";
    });
}

// Two processes are left: the one that starts it, and the one between.
TEST(Orphan, ThatCannotBeSaysWhy) {
    if (::geteuid() == 0) return;  // whom no such limit binds: setrlimit(2)
    test::in_namespaces([] {
        const rlimit few{.rlim_cur = 2, .rlim_max = 2};
        ASSERT_EQ(::setrlimit(RLIMIT_NPROC, &few), 0);
        const Result<pid_t> pid = spawn_orphan([] {});
        ASSERT_FALSE(pid);
        EXPECT_TRUE(pid.error().is(std::errc::resource_unavailable_try_again))
            << pid.error().text();
        EXPECT_EQ(pid.error().text().find("start"), 0U) << pid.error().text();
    });
}

}  // namespace
}  // namespace sbx::os
