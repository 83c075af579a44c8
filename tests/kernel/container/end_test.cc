#include "container/end.h"

#include <vector>

#include <signal.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/process.h"
#include "support/container_test.h"
#include "support/files.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::container {
namespace {

using test::comes_true;
using test::fails_saying;
using test::succeeds;

class EndTest : public test::ContainerTest {
protected:
    os::Process start(const Options& options) {
        os::Process sbx = run(options, output_);
        EXPECT_TRUE(comes_up(output_));
        return sbx;
    }

    Options until_told() const {
        return options("trap 'exit 6' TERM; echo up; while :; do sleep 0.01; done");
    }

    // An `sbx wait`, whose code is that of the container; 99 where waiting fails.
    os::Process waiter() const {
        return os::spawn(0,
                         [this, id = record()->id] {
                             const Result<int> code = wait_for_end(store_, id);
                             ::_exit(code ? *code : 99);
                         })
            .value();
    }

    bool is_waited_for() const {
        const store::Containers containers = store::Containers::open(store_).value();
        const os::Fd folder = containers.runtime_folder(record()->id).value();
        return os::Lock::try_take(folder, "waiting", os::Share::exclusive)
            .failed_as(Error::Kind::busy);
    }

    Result<> remove_it(Force force) { return remove(store_, record()->id, ids(), force); }

    test::Output output_;
};

TEST_F(EndTest, IsWaitedForByAsManyAsLike) {
    os::Process sbx = start(until_told());
    std::vector<os::Process> waiters;
    for (int i = 0; i < 3; ++i)
        waiters.push_back(waiter());
    ASSERT_TRUE(comes_true([&] { return is_waited_for(); }));
    ASSERT_TRUE(succeeds(sbx.signal(SIGTERM)));
    for (os::Process& one : waiters)
        EXPECT_EQ(one.wait()->code, 6);
    EXPECT_EQ(sbx.wait()->code, 6);
}

TEST_F(EndTest, IsToldToWhoWaitedBeforeAllGoes) {
    Options options = until_told();
    options.remove = true;
    os::Process sbx = start(options);
    os::Process one = waiter();
    ASSERT_TRUE(comes_true([&] { return is_waited_for(); }));
    ASSERT_TRUE(succeeds(sbx.signal(SIGTERM)));
    EXPECT_EQ(one.wait()->code, 6);
    EXPECT_EQ(sbx.wait()->code, 6);
    EXPECT_EQ(left_over(), "");
}

TEST_F(EndTest, IsKnownAfterwards) {
    ASSERT_EQ(code_of(options("exit 7")), 7);
    EXPECT_EQ(waiter().wait()->code, 7);
    EXPECT_EQ(waiter().wait()->code, 7) << "and again";
}

TEST_F(EndTest, OfOneWhoseSbxWasKilledIs137) {
    os::Process sbx = start(until_told());
    os::Process one = waiter();
    ASSERT_TRUE(comes_true([&] { return is_waited_for(); }));
    ASSERT_TRUE(succeeds(sbx.signal(SIGKILL)));
    EXPECT_EQ(one.wait()->code, 137);
}

TEST_F(EndTest, IsNotWaitedForBeforeTheStart) {
    ASSERT_TRUE(succeeds(life(options("")).create()));
    const Result<int> code = wait_for_end(store_, record()->id);
    EXPECT_TRUE(fails_saying(code, "container 'box' has not been started"));
    EXPECT_TRUE(code.failed_as(Error::Kind::busy));
}

TEST_F(EndTest, OfNoneIsAFailureThatLeavesNothing) {
    const std::string id(64, 'a');
    EXPECT_TRUE(wait_for_end(store_, id).failed_as(Error::Kind::not_found));
    EXPECT_TRUE(remove(store_, id, ids(), Force::kill).failed_as(Error::Kind::not_found));
    EXPECT_EQ(left_over(), "");
}

TEST_F(EndTest, OfWhatRunsTakesForce) {
    os::Process sbx = start(until_told());
    const Result<> removed = remove_it(Force::no);
    EXPECT_TRUE(fails_saying(removed, "container 'box' is running"));
    EXPECT_TRUE(removed.failed_as(Error::Kind::busy));
    EXPECT_EQ(removed.error().hint(), "`sbx stop` ends it, or `sbx rm --force`");
    EXPECT_TRUE(runs());
    ASSERT_TRUE(succeeds(remove_it(Force::kill)));
    EXPECT_EQ(sbx.wait()->code, 137);
    EXPECT_EQ(left_over(), "");
}

TEST_F(EndTest, ByForceEndsWaitingToo) {
    os::Process sbx = start(until_told());
    os::Process one = waiter();
    ASSERT_TRUE(comes_true([&] { return is_waited_for(); }));
    ASSERT_TRUE(succeeds(remove_it(Force::kill)));
    EXPECT_TRUE(succeeds(sbx.wait()));
    EXPECT_TRUE(succeeds(one.wait())) << "with the code, or with the word that it is gone";
    EXPECT_FALSE(record());
}

TEST_F(EndTest, OfWhatIsToGoAnywayMayBeForced) {
    Options options = until_told();
    options.remove = true;
    os::Process sbx = start(options);
    ASSERT_TRUE(succeeds(remove_it(Force::kill)));
    EXPECT_EQ(sbx.wait()->code, 137);
    EXPECT_EQ(left_over(), "");
}

// An sbx that is stopped records nothing: its container is not gone before it goes on.
TEST_F(EndTest, IsNotGuessedWhileItsSbxIsStopped) {
    os::Process sbx = start(until_told());
    // It holds the lock until its start is told, and would hold it all the time once it is stopped.
    ASSERT_TRUE(succeeds(store::Containers::open(store_)->lock(record()->id)));
    ASSERT_TRUE(succeeds(sbx.signal(SIGSTOP)));
    const os::Fd init = os::open_process(status()->live->pid).value();
    ASSERT_TRUE(succeeds(os::send_signal(init, SIGTERM)));
    ASSERT_TRUE(comes_true([&] { return !store::Containers::open(store_)->live(record()->id); }));
    EXPECT_TRUE(runs());
    os::Process one = waiter();
    ASSERT_TRUE(comes_true([&] { return is_waited_for(); }));
    ASSERT_TRUE(succeeds(sbx.signal(SIGCONT)));
    EXPECT_EQ(one.wait()->code, 6);
    EXPECT_EQ(status()->exit_code, 6);
}

}  // namespace
}  // namespace sbx::container
