#include "container/monitor.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "container/conversation.h"
#include "container/end.h"
#include "container/log_file.h"
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

class MonitorTest : public test::ContainerTest {
protected:
    void SetUp() override {
        ContainerTest::SetUp();
        ::signal(SIGPIPE, SIG_IGN);
    }

    Result<os::Fd> start(const Options& options) {
        Life life = this->life(options);
        const sandbox::Plan plan = life.plan().value();
        return start_monitored(life, plan, [&] { return life.create(); });
    }

    Options on_terminal(const std::string& script) {
        Options options = this->options(script);
        options.tty = true;
        options.log_driver = "k8s-file";
        return options;
    }

    Options on_pipes(const std::string& script) {
        Options options = this->options(script);
        options.log_driver = "k8s-file";
        options.interactive = true;
        return options;
    }

    // What one who looks on is greeted with.
    struct Greeted {
        Greeting kind;
        os::Fd init;
        os::Fd input;
    };
    static Greeted greeting(const os::Fd& client) {
        Result<std::optional<HeardWord>> heard = hear_word(client);
        EXPECT_TRUE(succeeds(heard));
        EXPECT_EQ((*heard)->word, Word::running);
        EXPECT_EQ((*heard)->fds.size(), 2U);
        return {.kind = static_cast<Greeting>((*heard)->number),
                .init = std::move((*heard)->fds.at(0)),
                .input = std::move((*heard)->fds.at(1))};
    }

    // All that is written up to the end, and the exit code.
    struct Seen {
        std::string output = {};
        std::string errors = {};
        int code = -1;
    };
    static Seen rest(const os::Fd& client) {
        Seen seen;
        for (;;) {
            const Result<std::optional<HeardWord>> heard = hear_word(client);
            EXPECT_TRUE(succeeds(heard) && *heard);
            if (!heard || !*heard) return seen;
            if ((*heard)->word == Word::output) seen.output += (*heard)->bytes;
            if ((*heard)->word == Word::errors) seen.errors += (*heard)->bytes;
            if ((*heard)->word != Word::ended) continue;
            seen.code = (*heard)->number;
            return seen;
        }
    }
    static int code(const os::Fd& client) { return rest(client).code; }

    Result<os::Fd> connect() {
        return connect_to_monitor(
            store::Containers::open(store_)->runtime_folder(record()->id).value());
    }

    std::string log() {
        const store::Containers containers = store::Containers::open(store_).value();
        const os::Fd folder = containers.folder(record()->id).value();
        return os::read_file(folder, kLogName, std::size_t{64} << 20).value_or("");
    }

    os::Fd monitor() { return os::open_process(status()->live->monitor).value(); }

    bool is_there(const std::string& file) { return test::exists(root_.tree() + file); }
};

constexpr const char* kUntilTold = "trap 'exit 6' TERM; touch /up; while :; do sleep 0.01; done";

TEST_F(MonitorTest, TellsTheEndAndRecordsItBefore) {
    const Result<os::Fd> client = start(on_terminal("exit 3"));
    ASSERT_TRUE(succeeds(client));
    const Greeted greeted = greeting(*client);
    EXPECT_EQ(greeted.kind, Greeting::terminal);
    EXPECT_TRUE(os::is_terminal(greeted.input));
    EXPECT_EQ(code(*client), 3);
    EXPECT_EQ(record()->exit_code, 3);
    EXPECT_EQ(status()->state, State::exited);
}

TEST_F(MonitorTest, ShowsAndKeepsBothStreams) {
    const os::Fd client = start(on_pipes("echo out; sleep 0.1; echo err >&2; printf end")).value();
    EXPECT_EQ(greeting(client).kind, Greeting::streams);
    const Seen seen = rest(client);
    EXPECT_EQ(seen.output, "out\nend");
    EXPECT_EQ(seen.errors, "err\n");
    EXPECT_TRUE(log().contains(" stdout F out\n")) << log();
    EXPECT_TRUE(log().contains(" stderr F err\n")) << log();
    EXPECT_TRUE(log().contains(" stdout P end\n")) << log();
}

TEST_F(MonitorTest, KeepsWhatIsWrittenToATerminal) {
    const os::Fd client = start(on_terminal("echo out")).value();
    (void)greeting(client);
    EXPECT_EQ(rest(client).output, "out\r\n");
    EXPECT_TRUE(log().ends_with(" stdout F out\r\n")) << log();
}

TEST_F(MonitorTest, KeepsNothingWhereThatIsAskedFor) {
    Options options = on_pipes("echo out");
    options.log_driver = "none";
    const os::Fd client = start(options).value();
    (void)greeting(client);
    EXPECT_EQ(rest(client).output, "out\n");
    EXPECT_EQ(log(), "");
}

TEST_F(MonitorTest, HandsOutTheFirstProcessToBeSignalled) {
    const os::Fd client = start(on_pipes(kUntilTold)).value();
    const Greeted greeted = greeting(client);
    ASSERT_TRUE(comes_true([&] { return is_there("/up"); }));
    ASSERT_TRUE(succeeds(os::send_signal(greeted.init, SIGTERM)));
    EXPECT_EQ(code(client), 6);
}

TEST_F(MonitorTest, EndsTheInputWhereItIsTold) {
    const os::Fd client = start(on_pipes("cat; exit 4")).value();
    Greeted greeted = greeting(client);
    ASSERT_TRUE(succeeds(os::write_all(greeted.input, "typed")));
    greeted.input.reset();
    ASSERT_TRUE(succeeds(os::send_message(client, encode(Word::input_ended))));
    const Seen seen = rest(client);
    EXPECT_EQ(seen.output, "typed");
    EXPECT_EQ(seen.code, 4);
}

TEST_F(MonitorTest, KeepsTheInputOpenForTheNext) {
    os::Fd client = start(on_pipes("read one; read two; echo $one $two")).value();
    ASSERT_TRUE(succeeds(os::write_all(greeting(client).input, "a\n")));
    client.reset();
    const os::Fd later = connect().value();
    ASSERT_TRUE(succeeds(os::write_all(greeting(later).input, "b\n")));
    EXPECT_EQ(rest(later).output, "a b\n");
}

TEST_F(MonitorTest, TellsWhyItCouldNotStart) {
    Options options = on_terminal("");
    options.command = {"no-such-program"};
    const os::Fd client = start(options).value();
    const Result<std::optional<HeardWord>> heard = hear_word(client);
    EXPECT_TRUE(fails_saying(heard, "run 'no-such-program': it is not in the container's PATH"));
    EXPECT_TRUE(heard.failed_as(Error::Kind::no_such_command));
    EXPECT_EQ(record()->exit_code, 127);
}

TEST_F(MonitorTest, GoesOnWithoutAnybody) {
    os::Fd client = start(on_terminal("read x; touch /up; exit 5")).value();
    (void)greeting(client);
    client.reset();
    const os::Fd later = connect().value();
    ASSERT_TRUE(succeeds(os::write_all(greeting(later).input, "\n")));
    EXPECT_EQ(code(later), 5);
    EXPECT_TRUE(is_there("/up"));
}

// A program that nobody looks at must not wait for a full terminal.
TEST_F(MonitorTest, ReadsWhatNobodyLooksAt) {
    start(on_terminal("seq 1 20000; touch /up; exit 5")).value().reset();
    ASSERT_TRUE(comes_true([&] { return is_there("/up"); }));
    EXPECT_EQ(wait_for_end(store_, record()->id).value(), 5);
    EXPECT_TRUE(log().ends_with(" F 20000\r\n"));
}

TEST_F(MonitorTest, ShowsAllToEachOfSeveral) {
    const os::Fd one = start(on_pipes("read x; seq 1 50000")).value();
    const Greeted greeted = greeting(one);
    const os::Fd two = connect().value();
    (void)greeting(two);
    ASSERT_TRUE(succeeds(os::write_all(greeted.input, "\n")));
    std::string numbers;
    for (int i = 1; i <= 50000; ++i)
        numbers += std::to_string(i) + '\n';
    os::Process reader = os::spawn(0, [&] {
                             const Seen seen = rest(two);
                             ::_exit(seen.output == numbers ? seen.code : 99);
                         }).value();
    EXPECT_EQ(rest(one).output, numbers);
    EXPECT_EQ(reader.wait()->code, 0);
}

// The program waits for them, as it would for the reader of a pipe; its end does not.
TEST_F(MonitorTest, WaitsForThoseWhoAreSlowAndEndsWithoutThem) {
    const os::Fd slow = start(on_pipes("seq 1 200000; touch /up")).value();
    const Greeted greeted = greeting(slow);
    ::poll(nullptr, 0, 300);
    EXPECT_FALSE(is_there("/up"));
    ASSERT_TRUE(succeeds(os::send_signal(greeted.init, SIGKILL)));
    EXPECT_EQ(wait_for_end(store_, record()->id).value(), 137);
    const Seen seen = rest(slow);
    EXPECT_TRUE(seen.output.starts_with("1\n2\n"));
    EXPECT_EQ(seen.code, 137);
}

TEST_F(MonitorTest, SurvivesThoseWhoAreGoneAtOnce) {
    os::Fd client = start(on_pipes(kUntilTold)).value();
    (void)greeting(client);
    client.reset();
    for (int i = 0; i < 20; ++i)
        connect().value().reset();
    const os::Fd last = connect().value();
    ASSERT_TRUE(comes_true([&] { return is_there("/up"); }));
    ASSERT_TRUE(succeeds(os::send_signal(greeting(last).init, SIGTERM)));
    EXPECT_EQ(code(last), 6);
}

TEST_F(MonitorTest, SurvivesNonsense) {
    const os::Fd client = start(on_pipes(kUntilTold)).value();
    const Greeted greeted = greeting(client);
    for (const char* bytes : {"s", "?", "rrrrrrrrrrrrrrrr", "x\1\0\0\0"})
        ASSERT_TRUE(succeeds(os::send_message(client, bytes)));
    const os::Fd second = connect().value();
    (void)greeting(second);
    ASSERT_TRUE(succeeds(os::send_message(second, "f")));
    ASSERT_TRUE(comes_true([&] { return is_there("/up"); }));
    ASSERT_TRUE(succeeds(os::send_signal(greeted.init, SIGTERM)));
    EXPECT_EQ(code(client), 6);
}

TEST_F(MonitorTest, OutlivesItsCallerAndHoldsNothingOfItsOpen) {
    test::Output output;
    os::Process caller = os::spawn(0, [&] {
                             (void)os::place_at(output.write_end(), 1);
                             output = test::Output();
                             const os::Fd client = start(on_pipes(kUntilTold)).value();
                             (void)greeting(client);
                             (void)os::write_all(os::FdView::number(1), "up");
                             for (;;)
                                 ::pause();
                         }).value();
    output.close_write_end();
    ASSERT_TRUE(output.shows("up"));
    ASSERT_TRUE(succeeds(caller.signal(SIGKILL)));
    EXPECT_EQ(output.all(), "up") << "it ends, though the container runs";
    EXPECT_TRUE(runs());
    (void)greeting(connect().value());
}

TEST_F(MonitorTest, KilledLeavesAContainerThatCanBeSeenAndRemoved) {
    const os::Fd client = start(on_terminal(kUntilTold)).value();
    (void)greeting(client);
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

TEST_F(MonitorTest, ToldToEndStopsItsContainer) {
    const os::Fd client = start(on_pipes(kUntilTold)).value();
    (void)greeting(client);
    ASSERT_TRUE(comes_true([&] { return is_there("/up"); }));
    ASSERT_TRUE(succeeds(os::send_signal(monitor(), SIGTERM)));
    EXPECT_EQ(code(client), 6);
    EXPECT_EQ(record()->exit_code, 6);
}

TEST_F(MonitorTest, EndsWithItsContainer) {
    const os::Fd client = start(on_pipes("exit 0")).value();
    (void)greeting(client);
    EXPECT_EQ(code(client), 0);
    const Result<std::optional<HeardWord>> heard = hear_word(client);
    EXPECT_TRUE(succeeds(heard) && !*heard) << "its end of the socket is closed";
}

}  // namespace
}  // namespace sbx::container
