#include "network/events.h"

#include <array>

namespace sbx::network {

Result<Events> Events::open() {
    os::Fd epoll(::epoll_create1(EPOLL_CLOEXEC));
    if (!epoll) return Error::from_errno(errno, "open an epoll descriptor");
    return Events(std::move(epoll));
}

Result<> Events::watch(os::FdView fd, std::uint32_t events, Action action) {
    const std::uint32_t watch = ++last_watch_;
    epoll_event event{};
    event.events = events;
    event.data.u64 = std::uint64_t{watch} << 32 | static_cast<std::uint32_t>(fd.get());
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd.get(), &event) != 0)
        return Error::from_errno(errno, "watch a descriptor");
    entries_[fd.get()] = {.watch = watch, .action = std::make_shared<Action>(std::move(action))};
    return {};
}

void Events::forget(os::FdView fd) {
    if (entries_.erase(fd.get()) > 0)
        (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd.get(), nullptr);  // it is known: no error
}

Result<> Events::wait(int milliseconds) {
    std::array<epoll_event, 256> events;
    const int count =
        ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), milliseconds);
    if (count < 0 && errno == EINTR) return {};
    if (count < 0) return Error::from_errno(errno, "wait for events");
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events.at(static_cast<std::size_t>(i));
        const auto entry = entries_.find(static_cast<int>(event.data.u64 & UINT32_MAX));
        if (entry == entries_.end() || entry->second.watch != event.data.u64 >> 32) continue;
        const std::shared_ptr<Action> action = entry->second.action;  // it may forget itself
        (*action)(event.events);
    }
    return {};
}

}  // namespace sbx::network
