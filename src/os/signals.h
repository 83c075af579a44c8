// Signals: their names, and receiving them from a descriptor.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <signal.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

// "TERM", "SIGTERM", "term", "15", "RTMIN+3" -> the number; signal(7).
Result<int> parse_signal(std::string_view text);

std::string signal_name(int number);                   // "SIGTERM"
std::span<const std::string_view> all_signal_names();  // without "SIG", for completion

// Signals blocked for this process and readable from a descriptor instead, while this lives.
// Children start with them blocked: reset_signals() before execve.
class SignalQueue {
public:
    static Result<SignalQueue> open(std::span<const int> numbers);
    SignalQueue(SignalQueue&&) noexcept = default;
    SignalQueue& operator=(SignalQueue&&) = delete;
    ~SignalQueue();

    FdView fd() const { return fd_; }
    Result<int> next();  // 0 where none is waiting

private:
    SignalQueue(Fd fd, sigset_t before) : fd_(std::move(fd)), before_(before) {}

    Fd fd_;
    sigset_t before_;
};

// For a program about to run: nothing blocked, nothing ignored, whatever sbx was started with.
void reset_signals();

}  // namespace sbx::os
