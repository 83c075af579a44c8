#include "os/terminal.h"

#include <optional>

#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/process.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::fails_saying;
using test::in_own_process;
using test::succeeds;

Fd folder(const std::string& path) {
    return Fd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

Pty any_pty() { return open_pty(folder("/dev")).value(); }

std::string read_some(const Fd& fd) {
    std::string bytes(256, '\0');
    const ssize_t n = ::read(fd.get(), bytes.data(), bytes.size());
    bytes.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return bytes;
}

TEST(Pty, CarriesWhatIsTyped) {
    const Pty pty = any_pty();
    EXPECT_TRUE(is_terminal(pty.slave));
    ASSERT_TRUE(succeeds(write_all(pty.master, "typed\n")));
    EXPECT_EQ(read_some(pty.slave), "typed\n");
    EXPECT_EQ(read_some(pty.master), "typed\r\n") << "the echo";
}

TEST(Pty, IsCloseOnExecOnBothSides) {
    const Pty pty = any_pty();
    for (const Fd* side : {&pty.master, &pty.slave})
        EXPECT_NE(::fcntl(side->get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(Pty, NeedsAMultiplexer) {
    EXPECT_TRUE(fails_saying(open_pty(folder("/proc")), "open a new terminal: No such file"));
}

// The slave is had from the master: there may be anything at /dev/pts/0, or nothing.
TEST(Pty, IsOfTheDevptsItWasAskedOf) {
    const test::TempFolder base;
    IN_NAMESPACES {
        constexpr const char* kOptions = "newinstance,ptmxmode=0666";
        ASSERT_EQ(::mount("none", base.path().c_str(), "devpts", 0, kOptions), 0);
        const Result<Pty> pty = open_pty(folder(base.path()));
        ASSERT_TRUE(succeeds(pty));
        EXPECT_EQ(status_of(pty->slave)->st_ino, test::status(base.at("0")).st_ino);
        EXPECT_EQ(status_of(pty->slave)->st_dev, test::status(base.at("0")).st_dev);
    };
}

TEST(WindowSize, IsWhatItWasSetTo) {
    const Pty pty = any_pty();
    ASSERT_TRUE(succeeds(set_window_size(pty.master, {.rows = 24, .columns = 132})));
    const Result<WindowSize> size = window_size(pty.slave);
    ASSERT_TRUE(succeeds(size));
    EXPECT_EQ(size->rows, 24);
    EXPECT_EQ(size->columns, 132);
}

TEST(WindowSize, OfNoTerminalIsAnError) {
    const Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    EXPECT_FALSE(is_terminal(null));
    EXPECT_TRUE(fails_saying(window_size(null), "ask for the size of the terminal"));
    EXPECT_TRUE(fails_saying(set_window_size(null, {}), "set the size of the terminal"));
    EXPECT_TRUE(fails_saying(RawTerminal::enter(null), "ask for the mode of the terminal"));
}

bool is_raw(const Fd& terminal) {
    termios mode{};
    EXPECT_EQ(::tcgetattr(terminal.get(), &mode), 0);
    return (mode.c_lflag & (ICANON | ECHO | ISIG)) == 0;
}

TEST(RawTerminal, IsRawWhileItLives) {
    const Pty pty = any_pty();
    {
        const Result<RawTerminal> raw = RawTerminal::enter(pty.slave);
        ASSERT_TRUE(succeeds(raw));
        EXPECT_TRUE(is_raw(pty.slave));
        ASSERT_TRUE(succeeds(write_all(pty.master, "\x03")));
        EXPECT_EQ(read_some(pty.slave), "\x03") << "a key, no signal";
    }
    EXPECT_FALSE(is_raw(pty.slave));
}

TEST(RawTerminal, IsSuspendedAndResumed) {
    const Pty pty = any_pty();
    const Result<RawTerminal> raw = RawTerminal::enter(pty.slave);
    ASSERT_TRUE(succeeds(raw));
    raw->suspend();
    EXPECT_FALSE(is_raw(pty.slave));
    ASSERT_TRUE(succeeds(raw->resume()));
    EXPECT_TRUE(is_raw(pty.slave));
}

TEST(RawTerminal, MovedIsRestoredOnce) {
    const Pty pty = any_pty();
    std::optional<RawTerminal> first(RawTerminal::enter(pty.slave).value());
    const RawTerminal second = *std::move(first);
    first.reset();
    EXPECT_TRUE(is_raw(pty.slave));
}

TEST(RawTerminal, IsRestoredByAProcessThatDiesOfItself) {
    for (const int number : {SIGSEGV, SIGABRT}) {
        const Pty pty = any_pty();
        Process process = spawn(0, [&] {
                              const Result<RawTerminal> raw = RawTerminal::enter(pty.slave);
                              if (raw && is_raw(pty.slave)) ::raise(number);
                              ::_exit(1);
                          }).value();
        EXPECT_EQ(process.wait()->code, 128 + number);
        EXPECT_FALSE(is_raw(pty.slave));
    }
}

TEST(ControllingTerminal, BelongsToANewSession) {
    in_own_process([] {
        ::signal(SIGHUP, SIG_IGN);  // which the end of the pty sends to its session
        const Pty pty = any_pty();
        ASSERT_TRUE(succeeds(make_controlling_terminal(pty.slave)));
        EXPECT_EQ(::getsid(0), ::getpid());
        EXPECT_EQ(::tcgetsid(pty.slave.get()), ::getpid());
        const Fd own(::open("/dev/tty", O_RDWR | O_CLOEXEC));
        EXPECT_TRUE(own);
        EXPECT_TRUE(fails_saying(make_controlling_terminal(pty.slave), "begin a session"));
    });
}

TEST(ControllingTerminal, HasToBeOne) {
    in_own_process([] {
        const Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
        EXPECT_TRUE(fails_saying(make_controlling_terminal(null), "take the terminal as"));
    });
}

}  // namespace
}  // namespace sbx::os
