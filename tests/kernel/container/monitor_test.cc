#include "container/monitor.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "container/end.h"
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

TEST(Words, GoOverASocketWithTheirNumbersAndDescriptors) {
    const os::SocketPair ends = os::open_socket_pair().value();
    const os::Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    ASSERT_TRUE(succeeds(send_word(ends.one, Word::running, 0, {os::FdView(null)})));
    ASSERT_TRUE(succeeds(send_word(ends.one, Word::ended, -7)));
    const auto running = hear_word(ends.other);
    ASSERT_TRUE(succeeds(running));
    EXPECT_EQ((*running)->word, Word::running);
    EXPECT_EQ((*running)->fds.size(), 1U);
    EXPECT_EQ((*hear_word(ends.other))->number, -7);
}

TEST(Words, EndWithTheSocket) {
    os::SocketPair ends = os::open_socket_pair().value();
    ends.one.reset();
    const auto heard = hear_word(ends.other);
    ASSERT_TRUE(succeeds(heard));
    EXPECT_FALSE(*heard);
}

class MonitorTest : public test::ContainerTest {
protected:
    void SetUp() override {
        ContainerTest::SetUp();
        ::signal(SIGPIPE, SIG_IGN);
    }

    Result<os::Fd> start(const std::string& script) {
        Options options = this->options(script);
        options.tty = true;
        Life life = this->life(options);
        const sandbox::Plan plan = life.plan().value();
        return start_monitored(life, plan, [&] { return life.create(); });
    }

    // What a client of it is greeted with.
    static os::Fd terminal(const os::Fd& client) {
        Result<std::optional<HeardWord>> heard = hear_word(client);
        EXPECT_TRUE(succeeds(heard));
        EXPECT_EQ((*heard)->word, Word::running);
        return std::move((*heard)->fds.at(0));
    }

    static int code(const os::Fd& client) {
        const Result<std::optional<HeardWord>> heard = hear_word(client);
        EXPECT_TRUE(succeeds(heard) && *heard && (*heard)->word == Word::ended);
        return (*heard)->number;
    }

    Result<os::Fd> connect() {
        return connect_to_monitor(
            store::Containers::open(store_)->runtime_folder(record()->id).value());
    }

    os::Fd monitor() { return os::open_process(status()->live->monitor).value(); }

    bool is_there(const std::string& file) { return test::exists(root_.tree() + file); }
};

constexpr const char* kUntilTold = "trap 'exit 6' TERM; touch /up; while :; do sleep 0.01; done";

TEST_F(MonitorTest, TellsTheEndAndRecordsItBefore) {
    const Result<os::Fd> client = start("exit 3");
    ASSERT_TRUE(succeeds(client));
    EXPECT_TRUE(os::is_terminal(terminal(*client)));
    EXPECT_EQ(code(*client), 3);
    EXPECT_EQ(record()->exit_code, 3);
    EXPECT_EQ(status()->state, State::exited);
}

TEST_F(MonitorTest, PassesSignalsOn) {
    const os::Fd client = start(kUntilTold).value();
    const os::Fd screen = terminal(client);
    ASSERT_TRUE(comes_true([&] { return is_there("/up"); }));
    ASSERT_TRUE(succeeds(send_word(client, Word::signal, SIGTERM)));
    EXPECT_EQ(code(client), 6);
}

TEST_F(MonitorTest, TellsWhyItCouldNotStart) {
    Options options = this->options("");
    options.command = {"no-such-program"};
    options.tty = true;
    Life life = this->life(options);
    const sandbox::Plan plan = life.plan().value();
    const os::Fd client = start_monitored(life, plan, [&] { return life.create(); }).value();
    const Result<std::optional<HeardWord>> heard = hear_word(client);
    EXPECT_TRUE(fails_saying(heard, "run 'no-such-program': it is not in the container's PATH"));
    EXPECT_TRUE(heard.failed_as(Error::Kind::no_such_command));
    EXPECT_EQ(record()->exit_code, 127);
}

TEST_F(MonitorTest, GoesOnWithoutAClient) {
    os::Fd client = start("read x; touch /up; exit 5").value();
    os::Fd screen = terminal(client);
    client.reset();
    screen.reset();
    os::Fd later = connect().value();
    screen = terminal(later);
    ASSERT_TRUE(succeeds(os::write_all(screen, "\n")));
    EXPECT_EQ(code(later), 5);
    EXPECT_TRUE(is_there("/up"));
}

// A program that nobody looks at must not wait for a full terminal.
TEST_F(MonitorTest, DropsOutputThatNobodyReads) {
    start("seq 1 20000; touch /up; exit 5").value().reset();
    ASSERT_TRUE(comes_true([&] { return is_there("/up"); }));
    EXPECT_EQ(wait_for_end(store_, record()->id).value(), 5);
}

TEST_F(MonitorTest, HasOneClientAtATime) {
    const os::Fd client = start(kUntilTold).value();
    const os::Fd screen = terminal(client);
    const os::Fd second = connect().value();
    const Result<std::optional<HeardWord>> heard = hear_word(second);
    EXPECT_TRUE(fails_saying(heard, "somebody else is attached to the container"));
    EXPECT_TRUE(heard.failed_as(Error::Kind::busy));
    EXPECT_TRUE(runs());
}

TEST_F(MonitorTest, SurvivesAClientThatIsGoneAtOnce) {
    os::Fd client = start(kUntilTold).value();
    (void)terminal(client);
    client.reset();
    for (int i = 0; i < 20; ++i)
        connect().value().reset();
    const os::Fd last = connect().value();
    ASSERT_TRUE(comes_true([&] { return is_there("/up"); }));
    (void)terminal(last);
    ASSERT_TRUE(succeeds(send_word(last, Word::signal, SIGTERM)));
    EXPECT_EQ(code(last), 6);
}

TEST_F(MonitorTest, SurvivesNonsense) {
    const os::Fd client = start(kUntilTold).value();
    const os::Fd screen = terminal(client);
    for (const char* bytes : {"s", "sx", "?", "rrrrrrrrrrrrrrrr", "x\1\0\0\0"})
        ASSERT_TRUE(succeeds(os::send_message(client, bytes)));
    ASSERT_TRUE(succeeds(send_word(client, Word::signal, -1)));
    ASSERT_TRUE(succeeds(send_word(client, Word::signal, 1000)));
    ASSERT_TRUE(comes_true([&] { return is_there("/up"); }));
    ASSERT_TRUE(succeeds(send_word(client, Word::signal, SIGTERM)));
    EXPECT_EQ(code(client), 6);
}

TEST_F(MonitorTest, OutlivesItsCallerAndHoldsNothingOfItsOpen) {
    test::Output output;
    os::Process caller = os::spawn(0, [&] {
                             (void)os::place_at(output.write_end(), 1);
                             output = test::Output();
                             const os::Fd client = start(kUntilTold).value();
                             const os::Fd screen = terminal(client);
                             (void)os::write_all(os::FdView::number(1), "up");
                             for (;;)
                                 ::pause();
                         }).value();
    output.close_write_end();
    ASSERT_TRUE(output.shows("up"));
    ASSERT_TRUE(succeeds(caller.signal(SIGKILL)));
    EXPECT_EQ(output.all(), "up") << "it ends, though the container runs";
    EXPECT_TRUE(runs());
    const os::Fd client = connect().value();
    (void)terminal(client);
}

TEST_F(MonitorTest, KilledLeavesAContainerThatCanBeSeenAndRemoved) {
    const os::Fd client = start(kUntilTold).value();
    const os::Fd screen = terminal(client);
    ASSERT_TRUE(comes_true([&] { return is_there("/up"); }));
    ASSERT_TRUE(succeeds(os::send_signal(monitor(), SIGKILL)));
    const Result<std::optional<HeardWord>> heard = hear_word(client);
    EXPECT_TRUE(succeeds(heard) && !*heard);
    EXPECT_FALSE(connect());
    ASSERT_TRUE(comes_true([&] { return !runs(); })) << "it ends with its monitor";
    EXPECT_EQ(status()->exit_code, 137) << "nobody saw how it ended";
    EXPECT_TRUE(succeeds(remove(store_, record()->id, ids(), Force::no)));
    EXPECT_EQ(left_over(), "");
}

TEST_F(MonitorTest, EndsWithItsContainer) {
    const os::Fd client = start("exit 0").value();
    (void)terminal(client);
    EXPECT_EQ(code(client), 0);
    const Result<std::optional<HeardWord>> heard = hear_word(client);
    EXPECT_TRUE(succeeds(heard) && !*heard) << "its end of the socket is closed";
}

}  // namespace
}  // namespace sbx::container
