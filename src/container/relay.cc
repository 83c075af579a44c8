#include "container/relay.h"

#include <array>

#include "base/text.h"
#include "os/file.h"

namespace sbx::container {

static const os::FdView kInput = os::FdView::number(0);
static const os::FdView kOutput = os::FdView::number(1);

static std::optional<char> control_key(std::string_view name) {
    if (name.size() != 6 || !name.starts_with("ctrl-")) return std::nullopt;
    const char key = name[5];
    if (key >= 'a' && key <= 'z') return static_cast<char>(key - 'a' + 1);
    constexpr std::string_view kOthers = "@[\\]^_";
    const std::size_t at = kOthers.find(key);
    if (at == kOthers.npos) return std::nullopt;
    return at == 0 ? '\0' : static_cast<char>(26 + at);
}

Result<std::string> parse_detach_keys(std::string_view text) {
    std::string keys;
    if (text.empty()) return keys;
    for (const std::string_view name : split(text, ',')) {
        const std::optional<char> control = control_key(name);
        if (!control && name.size() != 1)
            return Error(Error::Kind::usage, "--detach-keys {}: '{}' is not a key", excerpt(text),
                         excerpt(name))
                .hint("keys are single characters or ctrl-LETTER, joined by commas");
        keys += control.value_or(name.front());
    }
    return keys;
}

DetachKeys::Passed DetachKeys::pass(std::string_view typed) {
    Passed passed;
    for (const char c : typed) {
        std::string held = keys_.substr(0, matched_) + c;
        while (!keys_.starts_with(held)) {  // it was not meant after all
            passed.bytes += held.front();
            held.erase(0, 1);
        }
        matched_ = held.size();
        passed.detached = matched_ == keys_.size() && matched_ != 0;
        if (passed.detached) break;
    }
    return passed;
}

Result<Relay> Relay::open(os::Fd master, Input input, std::string detach_keys) {
    Relay relay(std::move(master), input, std::move(detach_keys));
    if (::fcntl(relay.master_.get(), F_SETFL, O_RDWR | O_NONBLOCK) != 0)
        return Error::from_errno(errno, "prepare the terminal");
    relay.follow_size();
    if (input == Input::forwarded && os::is_terminal(kInput))
        relay.raw_.emplace(TRY(os::RawTerminal::enter(kInput)));
    return relay;
}

void Relay::join(os::Poll& poll) {
    poll.watch(master_, POLLIN, [this, &poll](short) { return on_output(poll); });
    if (input_ == Input::forwarded)
        poll.watch(kInput, POLLIN, [this, &poll](short) { return on_typed(poll); });
}

void Relay::leave(os::Poll& poll) {
    poll.unwatch(master_);
    poll.unwatch(kInput);
}

Result<> Relay::on_typed(os::Poll& poll) {
    std::array<char, 4096> buffer{};
    const ssize_t n = ::read(kInput.get(), buffer.data(), buffer.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return {};
    if (n <= 0) {
        // The end of a file or pipe is one for the container's program, too. A terminal ends when
        // it is hung up, which is none of the program's business.
        poll.unwatch(kInput);
        input_ = Input::none;
        return n == 0 && !raw_ ? pass_on(poll, "\x04") : Result<>();
    }
    const DetachKeys::Passed passed = keys_.pass({buffer.data(), static_cast<std::size_t>(n)});
    detached_ = passed.detached;
    return pass_on(poll, passed.bytes);
}

// A container that does not read fills its side; until it reads, nothing more is taken from the
// keyboard, and output still flows.
Result<> Relay::pass_on(os::Poll& poll, std::string_view bytes) {
    pending_ += bytes;
    while (!pending_.empty()) {
        const ssize_t n = ::write(master_.get(), pending_.data(), pending_.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno != EAGAIN) pending_.clear();  // the container's side is gone
        if (n < 0) break;
        pending_.erase(0, static_cast<std::size_t>(n));
    }
    if (pending_.empty()) return {};
    poll.unwatch(kInput);
    poll.watch(master_, POLLIN | POLLOUT, [this, &poll](short events) -> Result<> {
        if ((events & POLLOUT) != 0) {
            TRY(pass_on(poll, ""));
            if (pending_.empty()) join(poll);
        }
        return (events & ~POLLOUT) != 0 ? on_output(poll) : Result<>();
    });
    return {};
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
    if (raw_) raw_->suspend();
}

void Relay::resume() const {
    if (raw_) (void)raw_->resume();
    follow_size();
}

}  // namespace sbx::container
