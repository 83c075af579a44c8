#include "container/session.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "container/monitor.h"
#include "os/file.h"
#include "support/container_test.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::container {
namespace {

using test::comes_true;
using test::succeeds;

class SessionTest : public test::ContainerTest {
protected:
    os::Process start(const std::string& script) {
        Options options = this->options(script);
        options.detach_keys = "ctrl-p,ctrl-q";
        return run(options, screen_);
    }

    // An sbx that attaches to the running container.
    os::Process attach_again() {
        return os::spawn(0,
                         [this] {
                             second_.hang_up();  // its own copy of the outer side
                             (void)os::make_controlling_terminal(second_.slave());
                             for (int fd = 0; fd <= 2; ++fd)
                                 (void)os::place_at(second_.slave(), fd);
                             const store::Containers containers =
                                 store::Containers::open(store_).value();
                             const os::Fd folder = containers.runtime_folder(record()->id).value();
                             const Result<SessionEnd> end =
                                 attend(connect_to_monitor(folder).value(), {});
                             ::_exit(end ? end->exit_code.value_or(0) : 99);
                         })
            .value();
    }

    test::Screen screen_;
    test::Screen second_;
};

TEST_F(SessionTest, JoinsTheTerminals) {
    os::Process sbx = start("echo name?; read name; echo hello $name; exit 4");
    ASSERT_TRUE(screen_.shows("name?\r\n"));
    EXPECT_TRUE(screen_.is_raw()) << "keys are the container's";
    screen_.type("bob\r");
    EXPECT_TRUE(screen_.shows("bob\r\nhello bob\r\n"));
    EXPECT_EQ(sbx.wait()->code, 4);
    EXPECT_FALSE(screen_.is_raw());
}

TEST_F(SessionTest, HasTheSizeOfTheWindow) {
    screen_.resize({.rows = 33, .columns = 99});
    os::Process sbx =
        start("trap 'stty size; exit' WINCH; stty size; while :; do sleep 0.01; done");
    ASSERT_TRUE(screen_.shows("33 99\r\n"));
    screen_.resize({.rows = 12, .columns = 34});
    EXPECT_TRUE(screen_.shows("12 34\r\n"));
    EXPECT_EQ(sbx.wait()->code, 0);
}

TEST_F(SessionTest, LeavesInterruptsToTheProgram) {
    os::Process sbx = start("trap 'exit 5' INT; echo up; while :; do sleep 0.01; done");
    ASSERT_TRUE(screen_.shows("up"));
    screen_.type("\x03");
    EXPECT_EQ(sbx.wait()->code, 5);
}

TEST_F(SessionTest, LeavesJobControlToTheShell) {
    os::Process sbx = start("exec sh -i");
    ASSERT_TRUE(screen_.shows("# "));
    screen_.type("echo line; cat\r");
    ASSERT_TRUE(screen_.shows("\r\nline\r\n"));
    screen_.type("hi\r");
    ASSERT_TRUE(screen_.shows("hi\r\nhi\r\n")) << "the echo, and cat";
    screen_.type("\x1a");
    ASSERT_TRUE(screen_.shows("Stopped"));
    screen_.type("exec sh -c 'exit 6'\r");
    EXPECT_EQ(sbx.wait()->code, 6);
}

TEST_F(SessionTest, ShowsAllThatWasWritten) {
    os::Process sbx = start("seq 1 20000; exit 3");
    EXPECT_TRUE(screen_.shows("\r\n19999\r\n20000\r\n"));
    EXPECT_EQ(sbx.wait()->code, 3);
}

TEST_F(SessionTest, IsLeftByItsKeysAndTakenUpAgain) {
    os::Process sbx = start("echo up; read x; echo got $x; exit 7");
    ASSERT_TRUE(screen_.shows("up"));
    screen_.type("\x10\x11");
    EXPECT_EQ(sbx.wait()->code, 0);
    EXPECT_FALSE(screen_.is_raw());
    EXPECT_TRUE(runs());
    os::Process again = attach_again();
    second_.type("it\r");
    EXPECT_TRUE(second_.shows("got it\r\n"));
    EXPECT_EQ(again.wait()->code, 7);
    EXPECT_FALSE(second_.is_raw());
}

TEST_F(SessionTest, StoppedGivesTheTerminalBack) {
    os::Process sbx = start("echo up; read x; exit 8");
    ASSERT_TRUE(screen_.shows("up"));
    ASSERT_TRUE(succeeds(sbx.signal(SIGTSTP)));
    int status = 0;
    ASSERT_EQ(::waitpid(sbx.pid(), &status, WUNTRACED), sbx.pid());
    ASSERT_TRUE(WIFSTOPPED(status));
    EXPECT_FALSE(screen_.is_raw());
    ASSERT_TRUE(succeeds(sbx.signal(SIGCONT)));
    EXPECT_TRUE(comes_true([&] { return screen_.is_raw(); }));
    screen_.type("\r");
    EXPECT_EQ(sbx.wait()->code, 8);
}

TEST_F(SessionTest, PassesSignalsOn) {
    os::Process sbx = start("trap 'exit 9' TERM; echo up; while :; do sleep 0.01; done");
    ASSERT_TRUE(screen_.shows("up"));
    ASSERT_TRUE(succeeds(sbx.signal(SIGTERM)));
    EXPECT_EQ(sbx.wait()->code, 9);
}

TEST_F(SessionTest, EndsWithoutItsContainerWhereTheTerminalIsGone) {
    os::Process sbx = start("echo up; read x; exit 8");
    ASSERT_TRUE(screen_.shows("up"));
    screen_.hang_up();
    EXPECT_EQ(sbx.wait()->code, 0);
    EXPECT_TRUE(runs());
}

TEST_F(SessionTest, KilledLeavesItsContainer) {
    os::Process sbx = start("echo up; read x; exit 8");
    ASSERT_TRUE(screen_.shows("up"));
    ASSERT_TRUE(succeeds(sbx.signal(SIGKILL)));
    EXPECT_EQ(sbx.wait()->code, 137);
    EXPECT_TRUE(runs());
    os::Process again = attach_again();
    second_.type("\r");
    EXPECT_EQ(again.wait()->code, 8);
}

TEST_F(SessionTest, GivesTheTerminalBackWhereTheMonitorIsKilled) {
    os::Process sbx = start("echo up; read x; exit 8");
    ASSERT_TRUE(screen_.shows("up"));
    const os::Fd monitor = os::open_process(status()->live->monitor).value();
    ASSERT_TRUE(succeeds(os::send_signal(monitor, SIGKILL)));
    EXPECT_TRUE(screen_.shows("the container's monitor has ended early"));
    EXPECT_EQ(sbx.wait()->code, 125);
    EXPECT_FALSE(screen_.is_raw());
}

TEST_F(SessionTest, NeedsAMonitorAtTheOtherEnd) {
    os::SocketPair ends = os::open_socket_pair().value();
    ends.one.reset();
    EXPECT_TRUE(test::fails_saying(attend(std::move(ends.other), {}),
                                   "the container's monitor has ended early"));
}

}  // namespace
}  // namespace sbx::container
