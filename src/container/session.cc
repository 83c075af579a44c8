#include "container/session.h"

#include <signal.h>

#include "container/monitor.h"
#include "container/supervise.h"
#include "os/poll.h"
#include "os/signals.h"

namespace sbx::container {

namespace {

class Session {
public:
    Session(os::Fd monitor, Relay relay, os::SignalQueue signals)
        : monitor_(std::move(monitor)), relay_(std::move(relay)), signals_(std::move(signals)) {}

    Result<SessionEnd> run() {
        poll_.watch(monitor_, POLLIN, [this](short) { return on_monitor(); });
        poll_.watch(signals_.fd(), POLLIN, [this](short) { return on_signal(); });
        relay_.join(poll_);
        while (!exit_code_ && !relay_.detached() && !left_)
            (void)TRY(poll_.wait());
        relay_.leave(poll_);
        if (exit_code_) relay_.drain();
        return SessionEnd{.exit_code = exit_code_};
    }

private:
    Result<> on_monitor() {
        const std::optional<HeardWord> heard = TRY(hear_word(monitor_));
        if (!heard) return Error(Error::Kind::failed, "the container's monitor has ended early");
        if (heard->word == Word::ended) exit_code_ = heard->number;
        return {};
    }

    Result<> on_signal() {
        const int number = TRY(signals_.next());
        if (number == 0) return {};
        if (number == SIGWINCH) {
            relay_.follow_size();
            return {};
        }
        if (number == SIGHUP) {  // the person's terminal is gone: the container's is not
            left_ = true;
            return {};
        }
        if (number == SIGTSTP) {  // sent from elsewhere: the key goes to the container
            relay_.suspend();
            ::raise(SIGSTOP);
            relay_.resume();
            return {};
        }
        return send_word(monitor_, Word::signal, number);
    }

    os::Fd monitor_;
    Relay relay_;
    os::SignalQueue signals_;
    os::Poll poll_ = {};
    std::optional<int> exit_code_ = {};
    bool left_ = false;
};

}  // namespace

Result<SessionEnd> attend(os::Fd monitor, Relay::Input input, const std::string& detach_keys) {
    std::string keys = TRY(parse_detach_keys(detach_keys));
    std::optional<HeardWord> heard = TRY(hear_word(monitor));
    if (!heard || heard->word != Word::running || heard->fds.size() != 1)
        return Error(Error::Kind::failed, "the container's monitor has ended early");
    ::signal(SIGPIPE, SIG_IGN);
    os::SignalQueue signals = TRY(os::SignalQueue::open(forwarded_signals()));
    Relay relay = TRY(Relay::open(std::move(heard->fds.front()), input, std::move(keys)));
    return Session(std::move(monitor), std::move(relay), std::move(signals)).run();
}

}  // namespace sbx::container
