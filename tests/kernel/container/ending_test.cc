#include "container/ending.h"

#include <map>

#include <signal.h>

#include <gtest/gtest.h>

#include "support/container_test.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using std::chrono::seconds;
using test::fails_saying;
using test::succeeds;

class EndingTest : public test::ContainerTest {
protected:
    os::Process start(const Options& options) {
        os::Process sbx = run(options, output_);
        EXPECT_TRUE(comes_up(output_));
        return sbx;
    }

    Options deaf() const { return options("trap '' TERM; echo up; while :; do sleep 0.01; done"); }
    Options polite() const {
        return options("trap 'exit 6' USR1; echo up; while :; do sleep 0.01; done");
    }

    Ending ending() const { return Ending::open(store_).value(); }

    // What is told of each: "", or the words of its failure. Warnings are in `warnings_`.
    std::map<std::string, std::string> outcome_of(Ending& ending) {
        std::map<std::string, std::string> told;
        EXPECT_TRUE(succeeds(ending.wait(
            {.warn = [&](const std::string& text) { warnings_ += text; },
             .ended = [&](const std::string& id,
                          Result<> how) { told[id] = how ? "" : how.error().text(); }})));
        return told;
    }

    test::Output output_;
    std::string warnings_;
};

TEST_F(EndingTest, IsAskedForByTheStopSignalOfTheContainer) {
    Options options = polite();
    options.stop_signal = "USR1";
    os::Process sbx = start(options);
    Ending ending = this->ending();
    ASSERT_TRUE(succeeds(ending.ask(record()->id, {})));
    EXPECT_EQ(outcome_of(ending)[record()->id], "");
    EXPECT_EQ(warnings_, "");
    EXPECT_EQ(status()->state, State::exited) << "its end is on record";
    EXPECT_EQ(sbx.wait()->code, 6);
}

TEST_F(EndingTest, IsForcedWhenTheTimeIsOver) {
    os::Process sbx = start(deaf());
    Ending ending = this->ending();
    ASSERT_TRUE(succeeds(ending.ask(record()->id, seconds(1))));
    EXPECT_EQ(outcome_of(ending)[record()->id], "");
    EXPECT_EQ(warnings_, "container 'box' did not end within 1 s of SIGTERM, and was killed");
    EXPECT_EQ(sbx.wait()->code, 137);
}

TEST_F(EndingTest, IsForcedAtOnceWithoutPatience) {
    os::Process sbx = start(polite());
    Ending ending = this->ending();
    ASSERT_TRUE(succeeds(ending.ask(record()->id, seconds(0))));
    outcome_of(ending);
    EXPECT_EQ(warnings_, "") << "that was asked for";
    EXPECT_EQ(sbx.wait()->code, 137);
}

TEST_F(EndingTest, OfWhatIsRemovedWithItIsKnownToo) {
    Options options = deaf();
    options.remove = true;
    os::Process sbx = start(options);
    Ending ending = this->ending();
    const std::string id = record()->id;
    ASSERT_TRUE(succeeds(ending.kill(id)));
    EXPECT_EQ(outcome_of(ending)[id], "");
    EXPECT_EQ(sbx.wait()->code, 137);
    EXPECT_EQ(left_over(), "");
}

TEST_F(EndingTest, OfWhatDoesNotRunHasCome) {
    ASSERT_EQ(code_of(options("exit 3")), 3);
    Ending ending = this->ending();
    ASSERT_TRUE(succeeds(ending.ask(record()->id, {})));
    EXPECT_EQ(outcome_of(ending)[record()->id], "");
    const Result<> killed = ending.kill(record()->id);
    EXPECT_TRUE(fails_saying(killed, "container 'box' does not run"));
    EXPECT_TRUE(killed.failed_as(Error::Kind::busy));
    EXPECT_TRUE(send_signal(store_, record()->id, SIGHUP).failed_as(Error::Kind::busy));
    EXPECT_EQ(status()->exit_code, 3);
}

TEST_F(EndingTest, OfNoneIsAFailureThatLeavesNothing) {
    const std::string id(64, 'a');
    Ending ending = this->ending();
    EXPECT_TRUE(ending.ask(id, {}).failed_as(Error::Kind::not_found));
    EXPECT_TRUE(ending.kill(id).failed_as(Error::Kind::not_found));
    EXPECT_TRUE(send_signal(store_, id, SIGTERM).failed_as(Error::Kind::not_found));
    EXPECT_EQ(left_over(), "");
}

TEST_F(EndingTest, IsNotWhatASignalBrings) {
    os::Process sbx = start(polite());
    ASSERT_TRUE(succeeds(send_signal(store_, record()->id, SIGTERM)));
    EXPECT_TRUE(runs()) << "process 1 has no handler for it";
    ASSERT_TRUE(succeeds(send_signal(store_, record()->id, SIGUSR1)));
    EXPECT_EQ(sbx.wait()->code, 6);
}

}  // namespace
}  // namespace sbx::container
