// Terminals, and pseudo-terminals of our own: tty_ioctl(4), pts(4).
#pragma once

#include <cstdint>

#include <termios.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

bool is_terminal(FdView fd);

struct WindowSize {
    std::uint16_t rows = 0;
    std::uint16_t columns = 0;
};
Result<WindowSize> window_size(FdView terminal);
Result<> set_window_size(FdView terminal, WindowSize size);

// A terminal that hands on every key as it is typed, until this value ends, or the process by a
// fault of its own (not by SIGKILL, which nobody can act on). A process has one at a time.
class RawTerminal {
public:
    static Result<RawTerminal> enter(FdView terminal);
    RawTerminal(RawTerminal&& other) noexcept
        : terminal_(std::exchange(other.terminal_, -1)), before_(other.before_) {}
    RawTerminal& operator=(RawTerminal&&) = delete;
    ~RawTerminal();

    void suspend() const;  // as it was before, while sbx itself is stopped (SIGTSTP)
    Result<> resume() const;

private:
    RawTerminal(int terminal, const termios& before) : terminal_(terminal), before_(before) {}

    int terminal_;
    termios before_;
};

struct Pty {
    Fd master;  // what sbx reads and writes
    Fd slave;   // the terminal of the program
};

// A new pty of the devpts that is mounted at `devpts`. The slave comes from the master itself
// (TIOCGPTPEER), not from a path that somebody could have put something else at.
Result<Pty> open_pty(FdView devpts);

Result<> make_controlling_terminal(FdView terminal);  // of a new session led by this process

}  // namespace sbx::os
