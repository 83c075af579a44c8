#include "container/relay.h"

#include <array>

#include "os/file.h"
#include "os/pipe.h"

namespace sbx::container {

static const os::FdView kOutput = os::FdView::number(1);

Result<Relay> Relay::open(os::Fd master, Input input, std::string detach_keys) {
    Relay relay(std::move(master));
    TRY(os::do_not_wait(relay.master_));
    relay.follow_size();
    if (input == Input::none) return relay;
    os::Fd typed = TRY(os::duplicate(relay.master_));
    relay.keyboard_.emplace(
        TRY(Keyboard::open(std::move(typed), Keyboard::For::terminal, std::move(detach_keys))));
    return relay;
}

void Relay::join(os::Poll& poll) {
    poll.watch(master_, POLLIN, [this, &poll](short) { return on_output(poll); });
    if (!keyboard_) return;
    // The end of a file or pipe is one for the container's program, too.
    keyboard_->on_end([this] { (void)os::write_all(master_, "\x04"); });
    keyboard_->join(poll);
}

void Relay::leave(os::Poll& poll) const {
    poll.unwatch(master_);
    if (keyboard_) keyboard_->leave(poll);
}

Result<> Relay::on_output(os::Poll& poll) {
    std::array<char, 65536> buffer{};
    const ssize_t n = ::read(master_.get(), buffer.data(), buffer.size());
    if (n > 0) return os::write_all(kOutput, {buffer.data(), static_cast<std::size_t>(n)});
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return {};
    output_ended_ = true;  // EIO: nobody has the other side open any more; pty(7)
    poll.unwatch(master_);
    return {};
}

// The other side is closed by then, unless a process that outlives the container has it: hence the
// limit.
void Relay::drain() {
    constexpr int kPatienceMs = 200;
    os::Poll none;
    while (!output_ended_) {
        pollfd waiting{.fd = master_.get(), .events = POLLIN, .revents = 0};
        if (::poll(&waiting, 1, kPatienceMs) <= 0 || !on_output(none)) return;
    }
}

void Relay::follow_size() const {
    const Result<os::WindowSize> size = os::window_size(kOutput);
    if (size) (void)os::set_window_size(master_, *size);  // a program that cares asks again
}

void Relay::suspend() const {
    if (keyboard_) keyboard_->suspend();
}

void Relay::resume() const {
    if (keyboard_) keyboard_->resume();
    follow_size();
}

}  // namespace sbx::container
