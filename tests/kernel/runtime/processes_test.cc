#include "runtime/processes.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/process.h"
#include "support/cgroups.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::runtime {
namespace {

using namespace std::chrono_literals;

[[noreturn]] void sleep_on() {
    for (;;)
        ::pause();
}

// A process with a child.
os::Process family(std::uint64_t namespaces) {
    return *os::spawn(namespaces, [] {
        if (::fork() == 0) sleep_on();
        sleep_on();
    });
}

State state_of(pid_t pid) {
    State state;
    state.id = "box";
    state.pid = pid;
    state.start_time = *os::start_time_of(pid);
    return state;
}

std::size_t count(const State& state) {
    const Result<std::vector<pid_t>> all = processes_of(state);
    return all ? all->size() : 0;
}

TEST(Processes, AreThoseOfTheNamespace) {
    const os::Process first = family(CLONE_NEWUSER | CLONE_NEWPID);
    const State state = state_of(first.pid());
    ASSERT_TRUE(test::comes_true([&] { return count(state) == 2; }));
    EXPECT_EQ(processes_of(state)->front(), first.pid());
}

TEST(Processes, AreTheDescendantsWhereTheNamespaceIsShared) {
    const os::Process first = family(0);
    const State state = state_of(first.pid());
    ASSERT_TRUE(test::comes_true([&] { return count(state) == 2; }));
    EXPECT_TRUE(test::succeeds(end_all(state, 10s)));
    EXPECT_TRUE(processes_of(state).failed_as(Error::Kind::not_found));
}

TEST(Processes, EndWithTheFirstOne) {
    const os::Process first = family(CLONE_NEWUSER | CLONE_NEWPID);
    const State state = state_of(first.pid());
    ASSERT_TRUE(test::succeeds(end_all(state, 10s)));
    EXPECT_TRUE(test::fails_saying(signal_first(state, SIGTERM), "container not running"));
    EXPECT_TRUE(test::succeeds(signal_all(state, SIGTERM)));
    EXPECT_TRUE(test::succeeds(end_all(state, 10s)));
}

TEST(Processes, GetASignal) {
    os::Process first = family(0);
    ASSERT_TRUE(test::succeeds(signal_first(state_of(first.pid()), SIGUSR1)));
    EXPECT_EQ(first.wait()->code, 128 + SIGUSR1);
}

TEST(Processes, AreNeverThoseOfAnotherWithTheSameNumber) {
    const os::Process first = family(0);
    State state = state_of(first.pid());
    state.start_time -= 1;
    EXPECT_TRUE(open_first(state).failed_as(Error::Kind::not_found));
    EXPECT_TRUE(test::fails_saying(signal_first(state, SIGKILL), "does not run"));
    EXPECT_TRUE(os::is_alive(first.pid(), state.start_time + 1));
    EXPECT_TRUE(open_first(State()).failed_as(Error::Kind::not_found));
}

TEST(ProcessesOfACgroupOfRealRoot, AreAllThatAreInIt) {
    test::with_cgroups([] {
        test::Box box;
        std::erase_if(box.spec().namespaces, [](const auto& ns) { return ns.type == "pid"; });
        box.spec().process.args = {"/bin/sh", "-c", "setsid sleep 60 & exec sleep 60"};
        ASSERT_TRUE(test::succeeds(box.run()));
        EXPECT_TRUE(test::comes_true([&] { return count(box.state()) == 2; }));
        ASSERT_TRUE(test::succeeds(signal_first(box.state(), SIGKILL)));
        EXPECT_TRUE(test::comes_true([&] { return box.status() == Status::stopped; }));
        EXPECT_NE(test::bytes_of(box.cgroup() + "/cgroup.procs"), "");
        ASSERT_TRUE(test::succeeds(signal_all(box.state(), SIGKILL)));
        EXPECT_TRUE(test::comes_true(
            [&] { return test::bytes_of(box.cgroup() + "/cgroup.procs").empty(); }));
    });
}

TEST(ProcessesOfACgroupOfRealRoot, AreKilledByRemovalWithWhatIsLeftOfThem) {
    test::with_cgroups([] {
        std::string cgroup;
        {
            test::Box box;
            std::erase_if(box.spec().namespaces, [](const auto& ns) { return ns.type == "pid"; });
            box.spec().process.args = {"/bin/sh", "-c", "setsid sleep 60 & exit 0"};
            ASSERT_TRUE(test::succeeds(box.run()));
            EXPECT_TRUE(test::comes_true([&] { return box.status() == Status::stopped; }));
            cgroup = box.cgroup();
            EXPECT_NE(test::bytes_of(cgroup + "/cgroup.procs"), "");
        }
        EXPECT_FALSE(test::exists(cgroup));
    });
}

}  // namespace
}  // namespace sbx::runtime
