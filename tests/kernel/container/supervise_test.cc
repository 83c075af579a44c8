#include "container/supervise.h"

#include <signal.h>
#include <sys/wait.h>

#include <gtest/gtest.h>

#include "base/text.h"
#include "os/process.h"
#include "support/container_test.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::container {
namespace {

using test::comes_true;
using test::succeeds;

class SuperviseTest : public test::ContainerTest {
protected:
    os::Process start(const Options& options) {
        os::Process sbx = run(options, output_);
        EXPECT_TRUE(output_.shows("up\n"));
        return sbx;
    }

    test::Output output_;
};

class PassedOn : public SuperviseTest, public testing::WithParamInterface<int> {};

TEST_P(PassedOn, IsASignalToTheProgram) {
    os::Process sbx = start(options(
        fmt::format("trap 'exit 7' {}; echo up; while :; do sleep 0.01; done", GetParam())));
    ASSERT_TRUE(succeeds(sbx.signal(GetParam())));
    EXPECT_EQ(sbx.wait()->code, 7);
}

INSTANTIATE_TEST_SUITE_P(All, PassedOn,
                         testing::Values(SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2,
                                         SIGALRM, SIGWINCH));

TEST_F(SuperviseTest, ThirdWishToEndIsAKill) {
    os::Process sbx =
        start(options("trap 'echo asked' INT TERM; echo up; while :; do sleep 0.01; done"));
    ASSERT_TRUE(succeeds(sbx.signal(SIGINT)));
    ASSERT_TRUE(output_.shows("asked\n"));
    ASSERT_TRUE(succeeds(sbx.signal(SIGTERM)));
    ASSERT_TRUE(output_.shows("asked\nasked\n"));
    ASSERT_TRUE(succeeds(sbx.signal(SIGINT)));
    EXPECT_EQ(sbx.wait()->code, 137);
}

TEST_F(SuperviseTest, StopsWithItsJobAndGoesOn) {
    os::Process sbx = start(options("trap 'exit 8' CONT; echo up; while :; do sleep 0.01; done"));
    ASSERT_TRUE(succeeds(sbx.signal(SIGTSTP)));
    int status = 0;
    ASSERT_EQ(::waitpid(sbx.pid(), &status, WUNTRACED), sbx.pid());
    EXPECT_TRUE(WIFSTOPPED(status)) << "for the shell that has it as a job";
    ASSERT_TRUE(succeeds(sbx.signal(SIGCONT)));
    EXPECT_EQ(sbx.wait()->code, 8);
}

// Without a process namespace of its own, nothing but sbx ends what the program left.
TEST_F(SuperviseTest, LeavesNoChildOfTheProgram) {
    Options options = this->options("sleep 1000 & (sleep 1001 & echo $! ) ; echo up; exit 0");
    options.pid = "host";
    os::Process sbx = run(options, output_);
    const std::string text = output_.all();
    EXPECT_EQ(sbx.wait()->code, 0);
    const std::int64_t pid = parse_number(text.substr(0, text.find('\n')), 1, INT32_MAX).value();
    EXPECT_TRUE(comes_true([&] { return ::kill(static_cast<pid_t>(pid), 0) != 0; })) << pid;
}

TEST_F(SuperviseTest, WithoutInputTheProgramReadsNothing) {
    EXPECT_EQ(code_of(options("read line && exit 1; exit 9")), 9);
}

}  // namespace
}  // namespace sbx::container
