#include "container/life.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/container_test.h"
#include "support/files.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

class LifeTest : public test::ContainerTest {
protected:
    std::string output_of(const Options& options) {
        test::Output output;
        os::Process sbx = run(options, output);
        std::string words = output.all();
        EXPECT_TRUE(succeeds(sbx.wait()));
        return words;
    }
};

TEST_F(LifeTest, EndsInARecordOfTheEnd) {
    const Instant before = now();
    EXPECT_EQ(code_of(options("exit 3")), 3);
    const auto end = record();
    ASSERT_TRUE(end);
    EXPECT_EQ(end->exit_code, 3);
    EXPECT_GE(end->started, before);
    EXPECT_GE(end->finished, end->started);
    EXPECT_EQ(status()->state, State::exited);
    EXPECT_EQ(status()->exit_code, 3);
    EXPECT_FALSE(store::Containers::open(store_)->noted_live(end->id));
}

TEST_F(LifeTest, KilledBySignalNHasCode128AndN) {
    Options by_itself = options("kill -KILL $$; exit 1");
    by_itself.pid = "host";
    EXPECT_EQ(code_of(by_itself), 137);
    EXPECT_EQ(record()->exit_code, 137);
}

TEST_F(LifeTest, ToBeRemovedLeavesNothing) {
    Options options = this->options("exit 4");
    options.remove = true;
    options.volumes = {"/data"};
    EXPECT_EQ(code_of(options), 4);
    EXPECT_EQ(left_over(), "");
}

TEST_F(LifeTest, HasTheFilesOfItsNetwork) {
    Options options = this->options("cat /etc/hostname /etc/hosts /etc/resolv.conf");
    options.hostname = "h";
    options.hosts = {"db:10.0.0.1"};
    options.dns = {"10.0.0.53"};
    EXPECT_EQ(output_of(options),
              "h\n10.0.0.1\tdb\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
              "10.0.2.100\th box\nnameserver 10.0.0.53\n");
}

TEST_F(LifeTest, OfAProgramThatIsNotThereEndsWith127) {
    Options options = this->options("");
    options.command = {"no-such-program"};
    EXPECT_EQ(code_of(options), 127);
    EXPECT_EQ(record()->exit_code, 127);
    EXPECT_TRUE(record()->failure.contains("run 'no-such-program': it is not in"));
    EXPECT_FALSE(record()->started);
    EXPECT_EQ(status()->state, State::exited);
}

TEST_F(LifeTest, OfWhatIsNoProgramEndsWith126) {
    Options options = this->options("");
    options.command = {"/bin"};
    options.remove = true;
    EXPECT_EQ(code_of(options), 126);
    EXPECT_EQ(left_over(), "");
}

TEST_F(LifeTest, UnderATakenNameLeavesTheOtherAlone) {
    ASSERT_EQ(code_of(options("exit 3")), 3);
    const std::string before = left_over();
    test::Output output;
    Options second = options("exit 4");
    second.volumes = {"/data"};
    os::Process sbx = run(second, output);
    EXPECT_EQ(output.all(), "the container name 'box' is taken");
    EXPECT_EQ(sbx.wait()->code, 125);
    EXPECT_EQ(left_over(), before);
    EXPECT_EQ(record()->exit_code, 3);
}

TEST_F(LifeTest, OnlyWrittenDownUnderATakenNameLeavesNothing) {
    ASSERT_TRUE(succeeds(life(options("")).create()));
    const std::string before = left_over();
    Options second = options("");
    second.volumes = {"/data"};
    const Result<> created = life(second).create();
    EXPECT_TRUE(created.failed_as(Error::Kind::exists));
    EXPECT_EQ(left_over(), before);
}

// What `start --attach` does.
int start_again(Life life) {
    const sandbox::Plan plan = life.plan().value();
    Result<sandbox::Running> running = life.start(plan, [] { return Result<>(); });
    EXPECT_TRUE(succeeds(running));
    const int code = running->init.wait()->code;
    EXPECT_TRUE(succeeds(life.end(code)));
    return code;
}

TEST_F(LifeTest, MayBeFollowedByAnother) {
    ASSERT_EQ(code_of(options("test -e /again && exit 5; touch /again; exit 4")), 4);
    const auto first = record();
    EXPECT_EQ(start_again(*kept_life("box")), 5);
    EXPECT_EQ(record()->exit_code, 5);
    EXPECT_GT(record()->started, first->finished);
}

TEST_F(LifeTest, IsAsLongAsItsTimeout) {
    Options options = this->options("sleep 1000");
    options.timeout = "1ms";
    EXPECT_EQ(code_of(options), 137);
    EXPECT_EQ(record()->exit_code, 137);
}

TEST_F(LifeTest, IsKnownWhileItLasts) {
    test::Output output;
    os::Process sbx = run(options("echo up; sleep 1000"), output);
    ASSERT_TRUE(comes_up(output));
    EXPECT_EQ(status()->live->monitor, sbx.pid());
}

TEST_F(LifeTest, EndsWithItsSbxWhereThatIsKilled) {
    test::Output output;
    os::Process sbx = run(options("echo up; sleep 1000"), output);
    ASSERT_TRUE(comes_up(output));
    ASSERT_TRUE(succeeds(sbx.signal(SIGKILL)));
    EXPECT_EQ(output.all(), "up\n") << "whoever had the other end of the pipe is gone";
    EXPECT_EQ(sbx.wait()->code, 137);
    ASSERT_TRUE(test::comes_true([&] { return !runs(); }));
    EXPECT_EQ(status()->state, State::exited);
    EXPECT_EQ(status()->exit_code, 137);
    EXPECT_TRUE(succeeds(remove(store_, record()->id, ids(), Force::no)));
    EXPECT_EQ(left_over(), "");
}

TEST(ExitCode, SaysWhetherTheProgramOrSbxFailed) {
    EXPECT_EQ(exit_code_of(Error(Error::Kind::no_such_command, "x")), 127);
    EXPECT_EQ(exit_code_of(Error(Error::Kind::not_executable, "x")), 126);
    for (const Error::Kind kind : {Error::Kind::failed, Error::Kind::usage, Error::Kind::denied})
        EXPECT_EQ(exit_code_of(Error(kind, "x")), 125);
}

}  // namespace
}  // namespace sbx::container
