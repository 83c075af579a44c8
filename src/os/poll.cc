#include "os/poll.h"

#include <algorithm>

namespace sbx::os {

void Poll::watch(FdView fd, short events, Action action) {
    unwatch(fd);
    entries_.push_back({.fd = fd.get(), .events = events, .action = std::move(action)});
}

void Poll::unwatch(FdView fd) {
    std::erase_if(entries_, [&](const Entry& entry) { return entry.fd == fd.get(); });
}

static int milliseconds_to(std::optional<Poll::Clock::time_point> deadline) {
    if (!deadline) return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(*deadline - Poll::Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000'000));
}

// An action may watch and unwatch, so it is looked up by descriptor, and out of the list while it
// runs.
Result<> Poll::act(int fd, short events) {
    const auto entry = std::ranges::find(entries_, fd, &Entry::fd);
    if (entry == entries_.end()) return {};
    const short watched = entry->events;
    Action action = std::move(entry->action);
    Result<> result = action(events);
    const auto again = std::ranges::find(entries_, fd, &Entry::fd);
    if (again != entries_.end() && !again->action && again->events == watched)
        again->action = std::move(action);
    return result;
}

Result<Poll::Outcome> Poll::wait(std::optional<Clock::time_point> deadline) {
    std::vector<pollfd> fds;
    fds.reserve(entries_.size());
    for (const Entry& entry : entries_)
        fds.push_back({.fd = entry.fd, .events = entry.events, .revents = 0});
    const int ready = ::poll(fds.data(), fds.size(), milliseconds_to(deadline));
    if (ready < 0 && errno == EINTR) return Outcome::interrupted;
    if (ready < 0) return Error::from_errno(errno, "wait for events");
    if (ready == 0) return Outcome::deadline_passed;
    for (const pollfd& fd : fds)
        if (fd.revents != 0) TRY(act(fd.fd, fd.revents));
    return Outcome::something_happened;
}

}  // namespace sbx::os
