// One loop for everything a process waits for: descriptors, and a deadline.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <poll.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

class Poll {
public:
    using Clock = std::chrono::steady_clock;
    using Action = std::move_only_function<Result<>(short events)>;

    // Calls `action` whenever one of `events` (POLLIN, POLLOUT) or the end of it (POLLHUP, POLLERR)
    // is seen at `fd`. Watching a descriptor again replaces what was watched there.
    void watch(FdView fd, short events, Action action);
    void unwatch(FdView fd);
    bool empty() const { return entries_.empty(); }

    enum class Outcome : std::uint8_t { something_happened, deadline_passed, interrupted };

    // Waits for one round of events and runs their actions; the first error ends it.
    Result<Outcome> wait(std::optional<Clock::time_point> deadline = std::nullopt);

private:
    struct Entry {
        std::uint64_t id;  // of this watch: descriptors are closed, and their numbers come back
        int fd;
        short events;
        Action action;
    };

    Result<> act(std::uint64_t id, short events);

    std::vector<Entry> entries_;
    std::uint64_t last_id_ = 0;
};

// For waits that nothing but time, or another process in its own time, can end.
void sleep_for(std::chrono::nanoseconds time);

}  // namespace sbx::os
