#include "container/session.h"

#include <algorithm>

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/log.h"
#include "container/conversation.h"
#include "container/keyboard.h"
#include "container/supervise.h"
#include "os/file.h"
#include "os/poll.h"
#include "os/process.h"
#include "os/signals.h"
#include "os/terminal.h"

namespace sbx::container {

namespace {

// What the monitor's greeting brought.
struct Joined {
    os::Fd monitor;
    os::Fd init = {};      // a pidfd of the container's first process
    os::Fd terminal = {};  // the outer side of the program's, where it has one
    std::optional<Keyboard> keyboard = {};
};

class Session {
public:
    Session(Joined joined, const Attendance& how, os::SignalQueue signals)
        : joined_(std::move(joined)), how_(how), signals_(std::move(signals)) {}

    Result<SessionEnd> run() {
        listen();
        poll_.watch(signals_.fd(), POLLIN, [this](short) { return on_signal(); });
        follow_size();
        std::optional<Keyboard>& keyboard = joined_.keyboard;
        if (keyboard) {
            keyboard->on_end([this] { end_input(); });
            keyboard->join(poll_);
        }
        while (!exit_code_ && !left_ && !(keyboard && keyboard->detached()))
            (void)TRY(poll_.wait());
        if (keyboard) keyboard->leave(poll_);
        if (unshown_ && !unshown_->is(std::errc::broken_pipe)) return *std::move(unshown_);
        return SessionEnd{.exit_code = exit_code_};
    }

private:
    struct Shown {
        os::FdView fd;
        std::string pending = {};
        std::size_t written = 0;  // of it
    };

    void listen() {
        poll_.watch(joined_.monitor, POLLIN, [this](short) { return on_monitor(); });
    }

    Result<> on_monitor() {
        const std::optional<HeardWord> heard = TRY(hear_word(joined_.monitor));
        if (!heard) return Error(Error::Kind::failed, "the container's monitor has ended early");
        if (heard->word == Word::ended) exit_code_ = heard->number;
        if (heard->word == Word::output && how_.output) show(output_, heard->bytes);
        if (heard->word == Word::errors && how_.errors) show(errors_, heard->bytes);
        return {};
    }

    // What cannot be written at once waits, and the monitor with it; signals are still heard.
    void show(Shown& shown, std::string_view bytes) {
        if (unshown_) return;
        shown.pending += bytes;
        write_pending(shown);
        if (shown.pending.empty()) return;
        poll_.unwatch(joined_.monitor);
        poll_.watch(shown.fd, POLLOUT, [this, &shown](short) -> Result<> {
            write_pending(shown);
            if (!shown.pending.empty()) return {};
            poll_.unwatch(shown.fd);
            listen();
            return {};
        });
    }

    // A pipe that can be written to takes so many bytes without waiting: pipe(7), poll(2).
    void write_pending(Shown& shown) {
        pollfd ready{.fd = shown.fd.get(), .events = POLLOUT, .revents = 0};
        while (!shown.pending.empty() && ::poll(&ready, 1, 0) > 0) {
            const std::size_t most =
                std::min<std::size_t>(shown.pending.size() - shown.written, PIPE_BUF);
            const ssize_t n = ::write(shown.fd.get(), shown.pending.data() + shown.written, most);
            if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
            if (n < 0)
                return give_up(shown, Error::from_errno(errno, "show what the program writes"));
            shown.written += static_cast<std::size_t>(n);
            if (shown.written < shown.pending.size()) continue;
            shown.pending.clear();
            shown.written = 0;
        }
    }

    void give_up(Shown& shown, Error error) {
        shown.pending.clear();
        unshown_ = std::move(error);
        if (how_.owner)
            send(SIGKILL);
        else
            left_ = true;
    }

    // A terminal's end is a key; a pipe ends when all who have it have closed it.
    void end_input() {
        if (joined_.terminal)
            (void)os::write_all(joined_.terminal, "\x04");
        else
            (void)os::send_message(joined_.monitor, encode(Word::input_ended));
    }

    Result<> on_signal() {
        constexpr int kPatience = 3;
        const int number = TRY(signals_.next());
        const bool asks_to_end = number == SIGINT || number == SIGTERM;
        // The person's terminal is gone: the container's is not.
        const bool leaves = (number == SIGHUP && joined_.terminal) ||
                            (!how_.signals && (asks_to_end || number == SIGQUIT));
        if (leaves)
            left_ = true;
        else if (number == SIGWINCH && joined_.terminal)
            follow_size();
        else if (number == SIGTSTP)
            stop();
        else if (number != 0 && how_.signals)
            send(asks_to_end && ++asked_to_end_ >= kPatience ? SIGKILL : number);
        return {};
    }

    // Until SIGCONT. The container goes on: its own key, or `sbx pause`, would stop it.
    void stop() const {
        if (joined_.keyboard) joined_.keyboard->suspend();
        ::raise(SIGSTOP);
        if (joined_.keyboard) joined_.keyboard->resume();
        follow_size();
    }

    void follow_size() const {
        if (!joined_.terminal) return;
        const Result<os::WindowSize> size = os::window_size(os::FdView::number(1));
        if (size) (void)os::set_window_size(joined_.terminal, *size);  // who cares asks again
    }

    void send(int number) const {
        const Result<> sent = os::send_signal(joined_.init, number);
        if (!sent) log::debug("{}", sent.error().text());  // it has ended, and is about to say so
    }

    Joined joined_;
    Attendance how_;
    os::SignalQueue signals_;
    os::Poll poll_ = {};
    Shown output_ = {.fd = os::FdView::number(1)};
    Shown errors_ = {.fd = os::FdView::number(2)};
    std::optional<int> exit_code_ = {};
    std::optional<Error> unshown_ = {};  // why the output could not be shown
    int asked_to_end_ = 0;
    bool left_ = false;
};

}  // namespace

static Result<Joined> join(os::Fd monitor, const Attendance& how) {
    std::string keys = TRY(parse_detach_keys(how.detach_keys));
    std::optional<HeardWord> heard = TRY(hear_word(monitor));
    if (!heard || heard->word != Word::running || heard->fds.empty())
        return Error(Error::Kind::failed, "the container's monitor has ended early");
    Joined joined{.monitor = std::move(monitor)};
    joined.init = std::move(heard->fds.front());
    if (heard->fds.size() < 2) return joined;
    const bool terminal = heard->number == static_cast<int>(Greeting::terminal);
    if (terminal) joined.terminal = TRY(os::duplicate(heard->fds[1]));
    if (!terminal) keys.clear();
    using For = Keyboard::For;
    if (how.input)
        joined.keyboard.emplace(TRY(Keyboard::open(
            std::move(heard->fds[1]), terminal ? For::terminal : For::stream, std::move(keys))));
    return joined;
}

Result<SessionEnd> attend(os::Fd monitor, const Attendance& how) {
    ::signal(SIGPIPE, SIG_IGN);
    os::SignalQueue signals = TRY(os::SignalQueue::open(forwarded_signals()));
    Joined joined = TRY(join(std::move(monitor), how));
    return Session(std::move(joined), how, std::move(signals)).run();
}

}  // namespace sbx::container
