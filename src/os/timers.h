// Things to do later, under an os::Poll: one timerfd(2) for however many there are.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "base/error.h"
#include "os/fd.h"
#include "os/poll.h"

namespace sbx::os {

class Timers {
public:
    using Clock = Poll::Clock;
    using Action = std::move_only_function<void()>;
    using Id = std::uint64_t;  // never 0, never given out twice

    // `poll` has to outlive it.
    static Result<std::unique_ptr<Timers>> open(Poll& poll);
    ~Timers();
    Timers(const Timers&) = delete;
    Timers& operator=(const Timers&) = delete;

    // Runs `action` once, no sooner than `delay` from now, in a later round of the poll.
    Id after(std::chrono::milliseconds delay, Action action);
    void cancel(Id id);  // one that ran or is unknown is fine

private:
    struct Entry {
        Id id = 0;
        Action action;
    };

    Timers(Poll& poll, Fd fd) : poll_(poll), fd_(std::move(fd)) {}
    void arm();
    void run_due();

    Poll& poll_;
    Fd fd_;
    std::multimap<Clock::time_point, Entry> entries_;
    Id last_ = 0;
};

}  // namespace sbx::os
