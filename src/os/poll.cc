#include "os/poll.h"

#include <algorithm>

#include <time.h>

namespace sbx::os {

void Poll::watch(FdView fd, short events, Action action) {
    unwatch(fd);
    entries_.push_back(
        {.id = ++last_id_, .fd = fd.get(), .events = events, .action = std::move(action)});
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

// An action may watch and unwatch, itself too, so it is out of the list while it runs.
Result<> Poll::act(std::uint64_t id, short events) {
    const auto entry = std::ranges::find(entries_, id, &Entry::id);
    if (entry == entries_.end()) return {};
    if ((events & POLLNVAL) != 0)
        return Error(Error::Kind::failed, "descriptor {} was closed while it was watched",
                     entry->fd);
    Action action = std::move(entry->action);
    Result<> result = action(events);
    const auto again = std::ranges::find(entries_, id, &Entry::id);
    if (again != entries_.end()) again->action = std::move(action);
    return result;
}

Result<Poll::Outcome> Poll::wait(std::optional<Clock::time_point> deadline) {
    std::vector<pollfd> fds;
    std::vector<std::uint64_t> ids;
    for (const Entry& entry : entries_) {
        fds.push_back({.fd = entry.fd, .events = entry.events, .revents = 0});
        ids.push_back(entry.id);
    }
    const int ready = ::poll(fds.data(), fds.size(), milliseconds_to(deadline));
    if (ready < 0 && errno == EINTR) return Outcome::interrupted;
    if (ready < 0) return Error::from_errno(errno, "wait for events");
    if (ready == 0)
        return deadline && Clock::now() < *deadline ? Outcome::interrupted
                                                    : Outcome::deadline_passed;
    for (std::size_t i = 0; i < fds.size(); ++i)
        if (fds[i].revents != 0) TRY(act(ids[i], fds[i].revents));
    return Outcome::something_happened;
}

void sleep_for(std::chrono::nanoseconds time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    timespec left{.tv_sec = whole.count(), .tv_nsec = (time - whole).count()};
    while (::nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

}  // namespace sbx::os
