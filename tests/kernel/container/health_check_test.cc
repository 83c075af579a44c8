#include "container/health_check.h"

#include <signal.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "container/pause.h"
#include "os/file.h"
#include "os/processes.h"
#include "support/container_test.h"
#include "support/files.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

class HealthCheckTest : public test::ContainerTest {
protected:
    void SetUp() override {
        ContainerTest::SetUp();
        ::signal(SIGPIPE, SIG_IGN);
    }

    // A container that runs, and is checked by nobody else.
    void start(Options options) {
        options.health.interval = "disable";
        Life life = this->life(options);
        const sandbox::Plan plan = life.plan().value();
        ASSERT_TRUE(succeeds(start_monitored(life, plan, [&] { return life.create(); })));
        ASSERT_TRUE(test::comes_true([&] { return runs(); }));
    }
    void start(const std::string& check) {
        Options options = this->options("sleep 1000");
        options.log_driver = "none";
        options.health.command = check;
        options.health.retries = "1";
        start(options);
    }
    void start_impatient(const std::string& check) {
        Options options = this->options("sleep 1000");
        options.log_driver = "none";
        options.health = {.command = check, .timeout = "300ms", .retries = "1"};
        start(options);
    }

    store::Containers containers() const { return store::Containers::open(store_).value(); }

    Result<Health> check() {
        const store::Containers containers = this->containers();
        return check_health(containers, read_blueprint(containers, record()->id).value());
    }
    HealthResult result() {
        const Result<Health> health = check();
        EXPECT_TRUE(succeeds(health));
        EXPECT_EQ(to_json(*status()->health).dump(), to_json(*health).dump()) << "it is kept";
        return health->log.back();
    }

    // What runs in the container, whose first process does not wait for what is left to it.
    Strings programs() const {
        Strings names;
        for (const pid_t pid : os::processes_with(status()->live->pid)) {
            const os::ProcessStat stat = os::process_stat(pid).value_or(os::ProcessStat());
            if (stat.state != 'Z') names.push_back(stat.name);
        }
        return names;
    }
};

TEST_F(HealthCheckTest, FindsItHealthy) {
    start("echo out; echo err >&2");
    EXPECT_EQ(status()->health->status, HealthStatus::starting);
    const HealthResult result = this->result();
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.output, "out\nerr\n");
    EXPECT_LE(result.start, result.end);
    EXPECT_EQ(status()->health->status, HealthStatus::healthy);
}

TEST_F(HealthCheckTest, FindsItUnhealthy) {
    start("echo why; exit 3");
    const HealthResult result = this->result();
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_EQ(result.output, "why\n");
    EXPECT_EQ(status()->health->status, HealthStatus::unhealthy);
}

TEST_F(HealthCheckTest, RunsAsTheProgramOfTheContainerDoes) {
    Options options = this->options("sleep 1000");
    options.log_driver = "none";
    options.env = {"WHO=me"};
    options.workdir = "/bin";
    options.health.command = "echo $WHO in $PWD; cat; echo $$ >/dev/null";
    start(options);
    EXPECT_EQ(result().output, "me in /bin\n") << "and it reads nothing";
}

TEST_F(HealthCheckTest, RunsWordsWithoutAShell) {
    start(R"(["/bin/busybox", "echo", "$HOME; x"])");
    EXPECT_EQ(result().output, "$HOME; x\n");
}

TEST_F(HealthCheckTest, KillsWhatHangsWithItsChildren) {
    start_impatient("echo begun; sleep 501 & (sleep 502 &); sleep 503");
    const HealthResult result = this->result();
    EXPECT_EQ(result.exit_code, HealthResult::kNone);
    EXPECT_EQ(result.output, "begun\nthe check was killed: it took longer than 0.3 s");
    EXPECT_TRUE(test::comes_true([&] { return programs() == Strings{"sleep"}; }))
        << "the container's own program is left";
}

TEST_F(HealthCheckTest, KillsWhatIgnoresSignals) {
    start_impatient("trap '' TERM INT HUP; while :; do :; done");
    EXPECT_EQ(result().exit_code, HealthResult::kNone);
}

TEST_F(HealthCheckTest, KeepsTheBeginningOfAFlood) {
    start_impatient("printf x; while :; do echo éééééééééééééééé; done");
    const HealthResult result = this->result();
    EXPECT_EQ(result.exit_code, HealthResult::kNone);
    EXPECT_TRUE(result.output.starts_with("xéé"));
    EXPECT_LT(result.output.size(), HealthResult::kMostOutput + 100);
    EXPECT_TRUE(utf8::valid(result.output)) << "it is not cut within a character";
}

TEST_F(HealthCheckTest, DoesNotWaitForWhatTheCheckLeavesBehind) {
    start("sleep 504 & echo through");
    EXPECT_EQ(result().output, "through\n");
    EXPECT_TRUE(test::comes_true([&] { return programs() == Strings{"sleep", "sleep"}; }));
}

TEST_F(HealthCheckTest, CountsWhatCannotBeRunAsAFailure) {
    start(R"(["no-such-program"])");
    const HealthResult result = this->result();
    EXPECT_EQ(result.exit_code, 127);
    EXPECT_TRUE(result.output.contains("run 'no-such-program'")) << result.output;
    EXPECT_EQ(status()->health->status, HealthStatus::unhealthy);
}

TEST_F(HealthCheckTest, PutsTheCallersOwnDescriptorsBack) {
    start("echo x");
    struct stat before[3];
    struct stat after[3];
    for (int fd = 0; fd < 3; ++fd)
        ASSERT_EQ(::fstat(fd, &before[fd]), 0);
    EXPECT_EQ(result().exit_code, 0);
    for (int fd = 0; fd < 3; ++fd) {
        ASSERT_EQ(::fstat(fd, &after[fd]), 0);
        EXPECT_EQ(before[fd].st_ino, after[fd].st_ino) << fd;
    }
}

TEST_F(HealthCheckTest, OfOneThatIsPausedRecordsNothing) {
    start("true");
    ASSERT_TRUE(succeeds(pause(store_, record()->id)));
    EXPECT_TRUE(check().failed_as(Error::Kind::busy));
    EXPECT_TRUE(status()->health->log.empty());
    ASSERT_TRUE(succeeds(unpause(store_, record()->id)));
    EXPECT_EQ(result().exit_code, 0);
}

TEST_F(HealthCheckTest, OfOneThatDoesNotRunIsAFailure) {
    start("true");
    const Result<Blueprint> blueprint = read_blueprint(containers(), record()->id);
    const store::LiveState live = *status()->live;
    ASSERT_EQ(::kill(live.pid, SIGKILL), 0);
    ASSERT_TRUE(test::comes_true([&] { return status()->state == State::exited; }));
    EXPECT_TRUE(fails_saying(check(), "the container does not run"));
    EXPECT_TRUE(
        fails_saying(record_health(containers(), *blueprint, live, {}), "the container has ended"));
    const os::Fd folder = containers().runtime_folder(record()->id).value();
    EXPECT_TRUE(read_health(folder)) << "what its last life has found is kept";
}

TEST_F(HealthCheckTest, OfNoCheckIsAFailure) {
    Blueprint blueprint;
    EXPECT_TRUE(check_health(containers(), blueprint).failed_as(Error::Kind::usage));
    EXPECT_TRUE(
        fails_saying(record_health(containers(), blueprint, {}, {}), "has no health check"));
}

// Its end kills the check, too: that is no failure of the check.
TEST_F(HealthCheckTest, EndsWithTheContainer) {
    start("touch /checked; sleep 505");
    const pid_t init = status()->live->pid;
    os::Process killer =
        os::spawn(0, [&] {
            (void)test::comes_true([&] { return test::exists(root_.tree() + "/checked"); });
            ::kill(init, SIGKILL);
            ::_exit(0);
        }).value();
    EXPECT_TRUE(fails_saying(check(), "the container"));
    EXPECT_EQ(killer.wait()->code, 0);
    EXPECT_TRUE(test::comes_true([&] { return status()->state == State::exited; }));
}

}  // namespace
}  // namespace sbx::container
