#include "container/stay.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/terminal.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::container {
namespace {

// In a process of its own, which the signals are for.
void with_signals(const std::function<void(os::SignalQueue&)>& body) {
    test::in_own_process([&] {
        Result<os::SignalQueue> signals = take_signals();
        ASSERT_TRUE(test::succeeds(signals));
        body(*signals);
    });
}

TEST(Stay, ReturnsTheStatusOfTheProgram) {
    with_signals([](os::SignalQueue& signals) {
        os::Process program = *os::spawn(0, [] { ::_exit(5); });
        const auto status = stay({.program = program, .signals = signals});
        ASSERT_TRUE(test::succeeds(status));
        EXPECT_EQ(*status, 5);
    });
}

TEST(Stay, PassesSignalsOn) {
    with_signals([](os::SignalQueue& signals) {
        os::Process program = *os::spawn(0, [] {
            os::reset_signals();
            for (;;)
                ::pause();
        });
        ASSERT_EQ(::kill(::getpid(), SIGTERM), 0);
        const auto status = stay({.program = program, .signals = signals});
        ASSERT_TRUE(test::succeeds(status));
        EXPECT_EQ(*status, 128 + SIGTERM);
    });
}

// A process that stays with a program, which tells of each SIGINT and SIGTSTP, and ends with 3 at
// SIGCONT.
class Staying {
public:
    Staying() {
        int ends[2];
        EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
        said_.reset(ends[0]);
        os::Fd says(ends[1]);
        process_.emplace(os::spawn(0, [&] { stay_with_program(says); }).value());
        says.reset();
        EXPECT_TRUE(hears('u'));
    }

    os::Process& process() { return *process_; }

    bool hears(char word) const {
        pollfd waiting{.fd = said_.get(), .events = POLLIN, .revents = 0};
        char heard = 0;
        return ::poll(&waiting, 1, 10'000) == 1 && ::read(said_.get(), &heard, 1) == 1 &&
               heard == word;
    }

private:
    static inline int says_ = -1;
    static void say(char word) { (void)!::write(says_, &word, 1); }

    [[noreturn]] static void be_the_program() {
        os::reset_signals();
        ::signal(SIGINT, [](int) { say('i'); });
        ::signal(SIGTSTP, [](int) { say('t'); });
        ::signal(SIGCONT, [](int) { ::_exit(3); });
        say('u');
        for (;;)
            ::pause();
    }

    [[noreturn]] static void stay_with_program(const os::Fd& says) {
        says_ = says.get();
        Result<os::SignalQueue> signals = take_signals();
        os::Process program = os::spawn(0, [] { be_the_program(); }).value();
        const auto status = stay({.program = program, .signals = *signals});
        ::_exit(status ? status->value_or(98) : 99);
    }

    os::Fd said_;
    std::optional<os::Process> process_;
};

TEST(Stay, ThirdWishToEndIsAKill) {
    Staying staying;
    for (int wish = 1; wish <= 2; ++wish) {
        ASSERT_TRUE(test::succeeds(staying.process().signal(SIGINT)));
        ASSERT_TRUE(staying.hears('i')) << wish;
    }
    ASSERT_TRUE(test::succeeds(staying.process().signal(SIGINT)));
    pollfd end{.fd = staying.process().pidfd().get(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&end, 1, 10'000), 1) << "it goes on";
    EXPECT_EQ(staying.process().wait()->code, 137);
}

TEST(Stay, StopsWithItsJobAndGoesOn) {
    Staying staying;
    ASSERT_TRUE(test::succeeds(staying.process().signal(SIGTSTP)));
    EXPECT_TRUE(staying.hears('t'));
    int status = 0;
    ASSERT_TRUE(test::comes_true([&] {
        return ::waitpid(staying.process().pid(), &status, WUNTRACED | WNOHANG) > 0;
    })) << "for the shell that has it as a job";
    EXPECT_TRUE(WIFSTOPPED(status));
    ASSERT_TRUE(test::succeeds(staying.process().signal(SIGCONT)));
    EXPECT_EQ(staying.process().wait()->code, 3);
}

// A program with a terminal that is left at once, by a caller that has something else open.
class Left : public testing::Test {
protected:
    void leave_program(const std::function<void(os::FdView terminal)>& body) {
        int ends[2];
        ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
        other_end_.reset(ends[0]);
        const os::Fd callers(ends[1]);
        os::Pty pty =
            os::open_pty(os::Fd(::open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC))).value();
        program_.emplace(os::spawn(0, [&] {
                             (void)os::close_all_but({pty.slave});
                             ::signal(SIGHUP, SIG_IGN);
                             body(pty.slave);
                         }).value());
        pty.slave.reset();
        ASSERT_EQ(::fcntl(pty.master.get(), F_SETFL, O_RDWR | O_NONBLOCK), 0) << "as relays do";
        os::Process to_leave(program_->pid(), os::duplicate(program_->pidfd()).value());
        ASSERT_TRUE(test::succeeds(leave(to_leave, pty.master)));
    }

    os::Fd other_end_;
    std::optional<os::Process> program_;
};

TEST_F(Left, IsReadToItsEnd) {
    leave_program([](os::FdView terminal) {
        ::_exit(os::write_all(terminal, std::string(1 << 20, 'x')) ? 0 : 1);
    });
    pollfd end{.fd = program_->pidfd().get(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&end, 1, 10'000), 1) << "nobody reads";
    EXPECT_EQ(program_->wait()->code, 0);
}

TEST_F(Left, HoldsNothingElseOpen) {
    leave_program([](os::FdView) {
        for (;;)
            ::pause();
    });
    pollfd end{.fd = other_end_.get(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&end, 1, 10'000), 1);
    EXPECT_EQ(end.revents, POLLHUP);
}

TEST(Outlived, IsWaitedForAndItsTerminalRead) {
    os::Process watcher =
        os::spawn(0, [] {
            os::Pty pty =
                os::open_pty(os::Fd(::open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC))).value();
            os::Process program = os::spawn(0, [&] {
                                      const std::string much(1 << 20, 'x');
                                      ::_exit(os::write_all(pty.slave, much) ? 6 : 1);
                                  }).value();
            pty.slave.reset();
            ::_exit(outlive(program, pty.master).value_or(125));
        }).value();
    EXPECT_EQ(watcher.wait()->code, 6);
}

}  // namespace
}  // namespace sbx::container
