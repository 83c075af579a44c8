#include "container/keyboard.h"

#include <array>

#include "base/text.h"
#include "os/pipe.h"

namespace sbx::container {

static const os::FdView kTyped = os::FdView::number(0);

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

Result<Keyboard> Keyboard::open(os::Fd input, For program, std::string detach_keys) {
    Keyboard keyboard(std::move(input), std::move(detach_keys));
    TRY(os::do_not_wait(keyboard.input_));
    if (program == For::terminal && os::is_terminal(kTyped))
        keyboard.raw_.emplace(TRY(os::RawTerminal::enter(kTyped)));
    return keyboard;
}

void Keyboard::join(os::Poll& poll) {
    poll.watch(kTyped, POLLIN, [this, &poll](short) { return on_typed(poll); });
}

void Keyboard::leave(os::Poll& poll) const {
    poll.unwatch(kTyped);
    poll.unwatch(input_);
}

Result<> Keyboard::on_typed(os::Poll& poll) {
    std::array<char, 65536> buffer{};
    const ssize_t n = ::read(kTyped.get(), buffer.data(), buffer.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return {};
    if (n <= 0) {
        poll.unwatch(kTyped);
        if (raw_) return {};  // hung up, which is none of the program's business
        read_to_end_ = true;
        pass_on(poll, "");
        return {};
    }
    const DetachKeys::Passed passed = keys_.pass({buffer.data(), static_cast<std::size_t>(n)});
    detached_ = passed.detached;
    pass_on(poll, passed.bytes);
    return {};
}

// A container that does not read fills its side; until it reads, nothing more is taken from the
// keyboard, and output still flows.
void Keyboard::pass_on(os::Poll& poll, std::string_view bytes) {
    pending_ += bytes;
    while (!pending_.empty()) {
        const ssize_t n = ::write(input_.get(), pending_.data(), pending_.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) break;
        if (n < 0) return finish(poll);  // the container's side is gone
        pending_.erase(0, static_cast<std::size_t>(n));
    }
    if (pending_.empty()) {
        if (read_to_end_) finish(poll);
        return;
    }
    poll.unwatch(kTyped);
    poll.watch(input_, POLLOUT, [this, &poll](short) -> Result<> {
        pass_on(poll, "");
        if (!pending_.empty()) return {};
        poll.unwatch(input_);
        if (!read_to_end_) join(poll);
        return {};
    });
}

void Keyboard::finish(os::Poll& poll) {
    leave(poll);
    input_.reset();
    pending_.clear();
    read_to_end_ = true;
    if (on_end_) std::exchange(on_end_, nullptr)();
}

void Keyboard::suspend() const {
    if (raw_) raw_->suspend();
}

void Keyboard::resume() const {
    if (raw_) (void)raw_->resume();
}

}  // namespace sbx::container
