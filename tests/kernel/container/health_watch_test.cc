#include "container/health_watch.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "container/conversation.h"
#include "container/health.h"
#include "container/pause.h"
#include "os/processes.h"
#include "support/container_test.h"
#include "support/files.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::container {
namespace {

using test::comes_true;
using test::succeeds;

class HealthWatchTest : public test::ContainerTest {
protected:
    void SetUp() override {
        ContainerTest::SetUp();
        ::signal(SIGPIPE, SIG_IGN);
    }

    Options checked(const std::string& script, const std::string& check) {
        Options options = this->options(script);
        options.log_driver = "none";
        options.health = {.command = check, .interval = "50ms", .timeout = "20s", .retries = "2"};
        return options;
    }

    os::Fd start(const Options& options) {
        Life life = this->life(options);
        const sandbox::Plan plan = life.plan().value();
        Result<os::Fd> client = start_monitored(life, plan, [&] { return life.create(); });
        EXPECT_TRUE(succeeds(client));
        EXPECT_TRUE(comes_true([&] { return runs(); }));
        return *std::move(client);
    }

    std::optional<Health> health() const {
        const auto now = status();
        return now ? now->health : std::nullopt;
    }
    bool becomes(HealthStatus wanted) const {
        return comes_true([&] {
            const std::optional<Health> now = health();
            return now && now->status == wanted;
        });
    }
    bool ends() const {
        return comes_true([&] { return status()->state == State::exited; });
    }
    void make(const std::string& file) const { test::make_file(root_.tree() + file, ""); }
    bool is_there(const std::string& file) const { return test::exists(root_.tree() + file); }
};

TEST_F(HealthWatchTest, SeesItBecomeHealthyAndUnhealthy) {
    (void)start(checked("sleep 1000", "test -f /good"));
    EXPECT_TRUE(becomes(HealthStatus::unhealthy));
    make("/good");
    EXPECT_TRUE(becomes(HealthStatus::healthy));
    EXPECT_EQ(health()->failing_streak, 0);
    ASSERT_EQ(::unlink((root_.tree() + "/good").c_str()), 0);
    EXPECT_TRUE(becomes(HealthStatus::unhealthy));
}

TEST_F(HealthWatchTest, IsOfOneThatIsUnknownUntilTheFirstCheck) {
    Options options = checked("sleep 1000", "true");
    options.health.interval = "1h";
    (void)start(options);
    EXPECT_EQ(health()->status, HealthStatus::starting);
    EXPECT_TRUE(health()->log.empty());
}

TEST_F(HealthWatchTest, ChecksMoreOftenWhileItStarts) {
    Options options = checked("sleep 1000", "true");
    options.health.interval = "1h";
    options.health.start_period = "1h";
    options.health.start_interval = "50ms";
    (void)start(options);
    EXPECT_TRUE(becomes(HealthStatus::healthy));
}

// A check that hangs is not waited for: not by those who look on, not by the container's end.
TEST_F(HealthWatchTest, HoldsNothingUp) {
    Options options = checked("read x; echo heard; exit 4", "touch /checked; sleep 1000");
    options.interactive = true;
    const os::Fd client = start(options);
    ASSERT_TRUE(comes_true([&] { return is_there("/checked"); }));
    Result<std::optional<HeardWord>> heard = hear_word(client);
    ASSERT_TRUE(succeeds(heard));
    (*heard)->fds.at(1).reset();
    ASSERT_TRUE(succeeds(os::send_message(client, encode(Word::input_ended))));
    heard = hear_word(client);
    ASSERT_TRUE(succeeds(heard));
    EXPECT_EQ((*heard)->bytes, "heard\n") << "the end of its input has come through";
    heard = hear_word(client);
    ASSERT_TRUE(succeeds(heard));
    EXPECT_EQ((*heard)->word, Word::ended);
    EXPECT_EQ((*heard)->number, 4);
    EXPECT_EQ(status()->state, State::exited);
}

TEST_F(HealthWatchTest, CountsACheckThatIsLostAsAFailure) {
    Options options = checked("sleep 1000", "test -f /good || { touch /checked; sleep 1000; }");
    options.health.interval = "500ms";  // of five results the first is to be there yet
    (void)start(options);
    ASSERT_TRUE(comes_true([&] { return is_there("/checked"); }));
    make("/good");
    const store::LiveState live = *status()->live;
    for (const pid_t pid : os::all_processes())
        if (os::process_stat(pid).value_or(os::ProcessStat()).parent == live.monitor &&
            pid != live.pid) {
            ASSERT_EQ(::kill(pid, SIGKILL), 0);
        }
    EXPECT_TRUE(becomes(HealthStatus::healthy)) << "the next one comes";
    EXPECT_EQ(health()->log.front().exit_code, HealthResult::kNone);
    EXPECT_EQ(health()->log.front().output, "the check was lost: its process was killed");
}

TEST_F(HealthWatchTest, HasTheContainerGoWhereItIsToGo) {
    Options options =
        checked("while ! test -f /go; do sleep 0.01; done", "touch /checked; sleep 1000");
    options.remove = true;
    (void)start(options);
    ASSERT_TRUE(comes_true([&] { return is_there("/checked"); }));
    make("/go");
    EXPECT_TRUE(comes_true([&] { return left_over().empty(); })) << left_over();
}

TEST_F(HealthWatchTest, LeavesOneThatIsPausedAlone) {
    (void)start(checked("sleep 1000", "test -f /good"));
    ASSERT_TRUE(becomes(HealthStatus::unhealthy));
    make("/good");
    ASSERT_TRUE(becomes(HealthStatus::healthy));
    ASSERT_TRUE(succeeds(pause(store_, record()->id)));
    const Instant paused = now();
    ::poll(nullptr, 0, 300);  // six times the interval
    EXPECT_LT(health()->log.back().start, paused);
    EXPECT_EQ(health()->status, HealthStatus::healthy);
    ASSERT_TRUE(succeeds(unpause(store_, record()->id)));
    EXPECT_TRUE(comes_true([&] { return health()->log.back().start > paused; }));
    EXPECT_EQ(health()->status, HealthStatus::healthy);
}

TEST_F(HealthWatchTest, KillsWhatIsUnhealthyWhereThatIsAskedFor) {
    Options options = checked("trap '' TERM; while :; do sleep 1; done", "false");
    options.health.on_failure = "kill";
    (void)start(options);
    EXPECT_TRUE(ends());
    EXPECT_EQ(record()->exit_code, 137);
}

TEST_F(HealthWatchTest, StopsWhatIsUnhealthyForGood) {
    Options options = checked("trap 'exit 6' TERM; while :; do sleep 0.01; done", "false");
    options.health.on_failure = "stop";
    options.restart = "always";
    (void)start(options);
    EXPECT_TRUE(
        comes_true([&] { return status()->state == State::exited && !status()->restarting; }));
    EXPECT_EQ(record()->exit_code, 6);
    EXPECT_EQ(record()->restarts, 0);
}

// Whatever code it ends with, and without a policy.
TEST_F(HealthWatchTest, StartsWhatIsUnhealthyAgain) {
    Options options = checked("trap 'exit 0' TERM; while :; do sleep 0.01; done", "false");
    options.health.on_failure = "restart";
    (void)start(options);
    EXPECT_TRUE(comes_true([&] { return record()->restarts >= 1 && runs(); }));
    EXPECT_EQ(record()->exit_code, 0) << "of its first life";
}

// One that ends by itself stays down, and so does one that a person stops.
TEST_F(HealthWatchTest, StartsNothingAgainThatWasNotUnhealthy) {
    Options options = checked("exit 3", "true");
    options.health.interval = "1h";
    options.health.on_failure = "restart";
    Life life = this->life(options);
    const sandbox::Plan plan = life.plan().value();
    ASSERT_TRUE(succeeds(start_monitored(life, plan, [&] { return life.create(); })));
    EXPECT_TRUE(comes_true([&] {
        const auto now = status();
        return now && now->state == State::exited && !now->restarting;
    }));
    EXPECT_EQ(record()->exit_code, 3);
    EXPECT_EQ(record()->restarts, 0);
}

// The next life knows nothing of the last one's health.
TEST_F(HealthWatchTest, BeginsAnewWithEachLife) {
    Options options =
        checked("test -f /again && touch /good; touch /again; sleep 1000", "test -f /good");
    options.health.on_failure = "kill";
    options.restart = "on-failure";
    (void)start(options);
    EXPECT_TRUE(becomes(HealthStatus::healthy));
    EXPECT_EQ(record()->exit_code, 137) << "of its first life";
    EXPECT_GE(health()->log.front().start, status()->live->started);
}

}  // namespace
}  // namespace sbx::container
