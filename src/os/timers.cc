#include "os/timers.h"

#include <algorithm>

#include <sys/timerfd.h>

namespace sbx::os {

Result<std::unique_ptr<Timers>> Timers::open(Poll& poll) {
    Fd fd(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!fd) return Error::from_errno(errno, "make a timer");
    std::unique_ptr<Timers> timers(new Timers(poll, std::move(fd)));
    poll.watch(timers->fd_, POLLIN, [self = timers.get()](short) -> Result<> {
        self->run_due();
        return {};
    });
    return timers;
}

Timers::~Timers() { poll_.unwatch(fd_); }

Timers::Id Timers::after(std::chrono::milliseconds delay, Action action) {
    const Id id = ++last_;
    entries_.emplace(Clock::now() + delay, Entry{.id = id, .action = std::move(action)});
    arm();
    return id;
}

void Timers::cancel(Id id) {
    std::erase_if(entries_, [&](const auto& entry) { return entry.second.id == id; });
}

// steady_clock is CLOCK_MONOTONIC in libstdc++. A time of zero would disarm, so there is none.
void Timers::arm() {
    itimerspec when{};
    if (!entries_.empty()) {
        const auto since = std::max(entries_.begin()->first.time_since_epoch(), Clock::duration(1));
        const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
        when.it_value.tv_sec = seconds.count();
        when.it_value.tv_nsec = std::chrono::nanoseconds(since - seconds).count();
    }
    ::timerfd_settime(fd_.get(), TFD_TIMER_ABSTIME, &when, nullptr);
}

// What an action adds with no delay waits for the next round, or two of them could keep the poll
// from everything else.
void Timers::run_due() {
    std::uint64_t times = 0;
    (void)!::read(fd_.get(), &times, sizeof times);  // only how often it went off, which is no news
    const Clock::time_point now = Clock::now();
    while (!entries_.empty() && entries_.begin()->first <= now) {
        auto due = entries_.extract(entries_.begin());
        due.mapped().action();
    }
    arm();
}

}  // namespace sbx::os
