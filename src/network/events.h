// One loop for very many descriptors: epoll(7). os::Poll is the one for few.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

#include <sys/epoll.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::network {

class Events {
public:
    using Action = std::function<void(std::uint32_t events)>;

    static Result<Events> open();

    // Calls `action` for EPOLLIN, EPOLLOUT and the like, also for EPOLLERR and EPOLLHUP; with
    // EPOLLET once for each change. A descriptor is forgotten before it is closed. An action may
    // watch and forget, itself too.
    Result<> watch(os::FdView fd, std::uint32_t events, Action action);
    void forget(os::FdView fd);

    // One round of actions. `milliseconds` is how long it may take until the first; -1: for ever.
    Result<> wait(int milliseconds);

private:
    explicit Events(os::Fd epoll) : epoll_(std::move(epoll)) {}

    struct Entry {
        std::uint32_t watch = 0;  // numbers of descriptors come back
        std::shared_ptr<Action> action;
    };

    os::Fd epoll_;
    std::unordered_map<int, Entry> entries_;
    std::uint32_t last_watch_ = 0;
};

}  // namespace sbx::network
