// Those who look on at a container, seen from its monitor.
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <string>

#include "base/error.h"
#include "os/fd.h"
#include "os/poll.h"

namespace sbx::container {

class Audience {
public:
    // `on_change` is called when somebody came, left, caught up, or fell behind; `on_input_end`
    // when somebody said that their input has come to its end.
    struct Events {
        std::function<void()> on_change;
        std::function<void()> on_input_end;
    };
    Audience(os::Poll& poll, Events events) : poll_(&poll), events_(std::move(events)) {}
    Audience(const Audience&) = delete;
    Audience& operator=(const Audience&) = delete;

    // One more, greeted with that message and those descriptors.
    void admit(os::Fd socket, std::string_view greeting, const std::vector<os::FdView>& fds);

    // To all of them. Who is slow gets it later.
    void tell(std::string_view message);

    bool empty() const { return members_.empty(); }
    bool keeps_up() const;  // nobody has anything left to get

private:
    struct Member {
        os::Fd socket;
        std::deque<std::string> pending = {};
    };
    using Place = std::list<Member>::iterator;

    Result<> on_event(Place member, short events);
    void watch(Place member);
    bool hand_on(Member& member) const;  // whether it is still there
    void dismiss(Place member);

    os::Poll* poll_;
    Events events_;
    std::list<Member> members_ = {};
};

}  // namespace sbx::container
