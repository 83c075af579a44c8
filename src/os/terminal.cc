#include "os/terminal.h"

#include <signal.h>
#include <sys/ioctl.h>

namespace sbx::os {

bool is_terminal(FdView fd) { return ::isatty(fd.get()) == 1; }

Result<WindowSize> window_size(FdView terminal) {
    winsize size{};
    if (::ioctl(terminal.get(), TIOCGWINSZ, &size) != 0)
        return Error::from_errno(errno, "ask for the size of the terminal");
    return WindowSize{.rows = size.ws_row, .columns = size.ws_col};
}

Result<> set_window_size(FdView terminal, WindowSize size) {
    const winsize wanted{
        .ws_row = size.rows, .ws_col = size.columns, .ws_xpixel = 0, .ws_ypixel = 0};
    if (::ioctl(terminal.get(), TIOCSWINSZ, &wanted) == 0) return {};
    return Error::from_errno(errno, "set the size of the terminal");
}

static Result<> make_raw(int terminal, const termios& before) {
    termios raw = before;
    ::cfmakeraw(&raw);
    if (::tcsetattr(terminal, TCSADRAIN, &raw) == 0) return {};
    return Error::from_errno(errno, "switch the terminal to raw input");
}

// What a process that dies of itself restores, in the handler of the signal: for one terminal,
// which is the person's.
static termios mode_before;
static volatile sig_atomic_t raw_terminal = -1;

static void restore_and_die(int number) {
    if (raw_terminal >= 0) ::tcsetattr(raw_terminal, TCSANOW, &mode_before);
    ::raise(number);  // SA_RESETHAND: as if it had not been caught
}

static void restore_at_death(int terminal, const termios& before) {
    mode_before = before;
    raw_terminal = terminal;
    struct sigaction action{};
    action.sa_handler = restore_and_die;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    for (const int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS})
        ::sigaction(number, &action, nullptr);
}

Result<RawTerminal> RawTerminal::enter(FdView terminal) {
    termios before{};
    if (::tcgetattr(terminal.get(), &before) != 0)
        return Error::from_errno(errno, "ask for the mode of the terminal");
    TRY(make_raw(terminal.get(), before));
    restore_at_death(terminal.get(), before);
    return RawTerminal(terminal.get(), before);
}

RawTerminal::~RawTerminal() {
    if (terminal_ < 0) return;
    suspend();
    raw_terminal = -1;
}

void RawTerminal::suspend() const { ::tcsetattr(terminal_, TCSADRAIN, &before_); }

Result<> RawTerminal::resume() const { return make_raw(terminal_, before_); }

Result<Pty> open_pty(FdView devpts) {
    Fd master(::openat(devpts.get(), "ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!master) return Error::from_errno(errno, "open a new terminal");
    const int unlocked = 0;
    if (::ioctl(master.get(), TIOCSPTLCK, &unlocked) != 0)
        return Error::from_errno(errno, "unlock a new terminal");
    Fd slave(::ioctl(master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!slave) return Error::from_errno(errno, "open the other side of a new terminal");
    return Pty{.master = std::move(master), .slave = std::move(slave)};
}

Result<> make_controlling_terminal(FdView terminal) {
    if (::setsid() < 0) return Error::from_errno(errno, "begin a session");
    if (::ioctl(terminal.get(), TIOCSCTTY, 0) != 0)
        return Error::from_errno(errno, "take the terminal as the session's");
    return {};
}

}  // namespace sbx::os
