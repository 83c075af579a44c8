#include "sandbox/child.h"

#include <csignal>

#include <sched.h>

#include <gtest/gtest.h>

#include "support/containers.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::succeeds;
using test::TinyRoot;

// A container's first process, spoken with by the test in the parent's place.
class FirstProcess : public testing::Test {
protected:
    os::Process start(const Plan& plan, const Surroundings& surroundings = {}) {
        Result<os::Process> child = os::spawn_mapped(plan.ids, plan.namespaces & CLONE_NEWPID, [&] {
            ends_.parent.close();
            child_main(plan, surroundings, {}, ends_.child);
        });
        EXPECT_TRUE(succeeds(child));
        ends_.child.close();
        EXPECT_TRUE(succeeds(ends_.parent.expect(Verb::apart)));
        return *std::move(child);
    }

    Line& line() { return ends_.parent; }

    TinyRoot root_;
    Plan plan_ = compile(root_.request("exit 7"), test::this_host()).value();

private:
    Ends ends_ = Line::open().value();
};

TEST_F(FirstProcess, BecomesTheProgramWhereAllGoesWell) {
    os::Process child = start(plan_);
    ASSERT_TRUE(succeeds(line().say(Verb::go)));
    ASSERT_TRUE(succeeds(line().expect(Verb::ready)));
    EXPECT_TRUE(succeeds(line().expect_closed()));
    EXPECT_EQ(child.wait()->code, 7);
}

TEST_F(FirstProcess, RunsNothingWhereSbxIsGone) {
    plan_.program.argv = {"/bin/sh", "-c", "echo > /ran"};
    os::Process child = start(plan_, {.dies_with_parent = true});
    ASSERT_TRUE(succeeds(line().say(Verb::go)));
    line().close();
    EXPECT_EQ(child.wait()->code, 125);
    EXPECT_FALSE(test::exists(root_.at("ran")));
}

TEST_F(FirstProcess, MountsNothingBeforeItHasItsIds) {
    test::make_folder(root_.beside("src"));
    plan_.mounts = {Bind{.from = root_.beside("src"), .to = os::InnerPath::clean("/made")}};
    os::Process child = start(plan_);
    line().close();
    EXPECT_EQ(child.wait()->code, 125);
    EXPECT_FALSE(test::exists(root_.at("made")));
}

TEST_F(FirstProcess, GoesOnWithNothingThatIsOutOfStep) {
    os::Process child = start(plan_);
    ASSERT_TRUE(succeeds(line().say(Verb::serving)));
    EXPECT_TRUE(fails_saying(line().expect(Verb::ready),
                             "waiting for the id mappings: expected 'g', got 'V'"));
    EXPECT_EQ(child.wait()->code, 125);
}

TEST_F(FirstProcess, SaysWhatFailedAndEnds) {
    plan_.mounts = {Bind{.from = "/no/such", .to = os::InnerPath::clean("/m")}};
    os::Process child = start(plan_);
    ASSERT_TRUE(succeeds(line().say(Verb::go)));
    EXPECT_TRUE(fails_saying(line().expect(Verb::ready), "bind '/no/such' on '/m': "));
    EXPECT_EQ(child.wait()->code, 125);
}

// Where it is killed the parent hears the end, and does not wait.
TEST_F(FirstProcess, IsNotWaitedForWhenItIsKilled) {
    os::Process child = start(plan_);
    ASSERT_TRUE(succeeds(child.signal(SIGKILL)));
    EXPECT_TRUE(fails_saying(line().expect(Verb::ready), "the other side ended early"));
    EXPECT_EQ(child.wait()->code, 128 + SIGKILL);
}

TEST_F(FirstProcess, HasLeftTheFilesOfTheHostWhenItIsReady) {
    plan_.program.argv = {"/bin/busybox", "sleep", "1000"};
    const os::Process child = start(plan_);
    ASSERT_TRUE(succeeds(line().say(Verb::go)));
    ASSERT_TRUE(succeeds(line().expect(Verb::ready)));
    const std::string mounts = test::bytes_of(fmt::format("/proc/{}/mountinfo", child.pid()));
    ASSERT_FALSE(mounts.empty());
    for (const char* host : {" /etc/hostname ", " /home ", " /usr ", " /tmp "})
        EXPECT_FALSE(mounts.contains(host)) << mounts;
}

}  // namespace
}  // namespace sbx::sandbox
