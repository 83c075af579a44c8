#include "os/beyond.h"

#include <csignal>

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::fails_saying;
using test::succeeds;

Result<> go_nowhere(FdView /*line*/) { return {}; }

TEST(SpawnBeyond, IsAChildOfTheCallers) {
    test::in_own_process([] {
        Result<Process> child = spawn_beyond({.enter = go_nowhere, .child = [] { ::_exit(7); }});
        ASSERT_TRUE(succeeds(child));
        EXPECT_EQ(child->wait()->code, 7);
        EXPECT_EQ(::waitpid(-1, nullptr, 0), -1) << "the go-between is gone";
    });
}

TEST(SpawnBeyond, BeginsWhereTheGoBetweenWent) {
    test::in_own_process([] {
        const Process there = spawn(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWUTS, [] {
                                  for (;;)
                                      ::pause();
                              }).value();
        const auto enter = [&](int namespaces) {
            return [&there, namespaces](FdView /*line*/) -> Result<> {
                if (::setns(there.pidfd().get(), namespaces) == 0) return {};
                return Error::from_errno(errno, "enter");
            };
        };
        const auto exit_with_pid = [] { ::_exit(::getpid()); };
        Result<Process> second =
            spawn_beyond({.enter = enter(CLONE_NEWUSER | CLONE_NEWPID), .child = exit_with_pid});
        ASSERT_TRUE(succeeds(second));
        EXPECT_EQ(second->wait()->code, 2) << "the second of its pid namespace";
        Result<Process> first = spawn_beyond(
            {.enter = enter(CLONE_NEWUSER), .child = exit_with_pid, .namespaces = CLONE_NEWPID});
        ASSERT_TRUE(succeeds(first));
        EXPECT_EQ(first->wait()->code, 1) << "and of a new one the first";
    });
}

TEST(SpawnBeyond, SaysWhyTheGoBetweenFailed) {
    test::in_own_process([] {
        const int before = test::open_descriptors();
        const auto fail = [](FdView) -> Result<> { return Error(Error::Kind::denied, "no way"); };
        const Result<Process> child = spawn_beyond({.enter = fail, .child = [] { ::_exit(7); }});
        EXPECT_TRUE(fails_saying(child, "no way"));
        EXPECT_TRUE(child.failed_as(Error::Kind::denied));
        EXPECT_TRUE(fails_saying(
            spawn_beyond({.enter = [](FdView) -> Result<> { ::_exit(9); }, .child = [] {}}),
            "the process between ended early"));
        EXPECT_EQ(test::open_descriptors(), before);
        EXPECT_EQ(::waitpid(-1, nullptr, 0), -1) << "no process is left";
    });
}

}  // namespace
}  // namespace sbx::os
