#include "container/audience.h"

#include <algorithm>

#include "container/conversation.h"
#include "os/pipe.h"
#include "os/socket.h"

namespace sbx::container {

void Audience::admit(os::Fd socket, std::string_view greeting, const std::vector<os::FdView>& fds) {
    if (!os::do_not_wait(socket) || !os::send_message(socket, greeting, fds)) return;
    members_.push_back({.socket = std::move(socket)});
    watch(std::prev(members_.end()));
    events_.on_change();
}

void Audience::watch(Place member) {
    const int events = POLLIN | (member->pending.empty() ? 0 : POLLOUT);
    poll_->watch(member->socket, static_cast<short>(events),
                 [this, member](short seen) { return on_event(member, seen); });
}

Result<> Audience::on_event(Place member, short events) {
    if ((events & ~POLLOUT) != 0) {
        const std::optional<HeardWord> heard = hear_word(member->socket).value_or(std::nullopt);
        if (!heard) {
            dismiss(member);
            return {};
        }
        if (heard->word == Word::input_ended) events_.on_input_end();
    }
    if (member->pending.empty()) return {};
    if (!hand_on(*member)) {
        dismiss(member);
    } else if (member->pending.empty()) {
        watch(member);
        events_.on_change();
    }
    return {};
}

bool Audience::hand_on(Member& member) const {
    while (!member.pending.empty()) {
        const Result<> sent = os::send_message(member.socket, member.pending.front());
        if (sent.failed_with(std::errc::resource_unavailable_try_again)) return true;
        if (!sent) return false;
        member.pending.pop_front();
    }
    return true;
}

void Audience::tell(std::string_view message) {
    for (Place next = members_.begin(); next != members_.end();) {
        const Place member = next++;
        const bool behind = !member->pending.empty();
        member->pending.emplace_back(message);
        if (behind) continue;
        if (!hand_on(*member)) {
            dismiss(member);
        } else if (!member->pending.empty()) {
            watch(member);
            events_.on_change();
        }
    }
}

bool Audience::keeps_up() const {
    return std::ranges::all_of(members_, [](const Member& m) { return m.pending.empty(); });
}

void Audience::dismiss(Place member) {
    poll_->unwatch(member->socket);
    members_.erase(member);
    events_.on_change();
}

}  // namespace sbx::container
