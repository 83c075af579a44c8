#include "container/stay.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"
#include "container/supervise.h"
#include "os/poll.h"

namespace sbx::container {

namespace {

class Stayer {
public:
    explicit Stayer(Stay& stay) : stay_(stay) {}

    Result<std::optional<int>> run() {
        if (stay_.terminal) TRY(open_relay());
        poll_.watch(stay_.program.pidfd(), POLLIN, [this](short) -> Result<> {
            ended_ = true;
            return {};
        });
        poll_.watch(stay_.signals.fd(), POLLIN, [this](short) { return on_signal(); });
        if (relay_) relay_->join(poll_);
        while (!ended_ && !left())
            (void)TRY(poll_.wait());
        if (relay_) relay_->leave(poll_);
        if (left()) return std::optional<int>();
        if (relay_) relay_->drain();
        return std::optional(TRY(stay_.program.wait()).code);
    }

private:
    bool left() const { return relay_ && relay_->detached(); }

    Result<> open_relay() {
        os::Fd master(::fcntl(stay_.terminal.get(), F_DUPFD_CLOEXEC, 3));
        if (!master) return Error::from_errno(errno, "copy a terminal's descriptor");
        relay_.emplace(TRY(Relay::open(std::move(master), stay_.input, stay_.detach_keys)));
        return {};
    }

    Result<> on_signal() {
        const int number = TRY(stay_.signals.next());
        if (number == SIGWINCH && relay_) {
            relay_->follow_size();
        } else if (number != 0) {
            const Result<> sent = stay_.program.signal(number);
            if (!sent) log::debug("{}", sent.error().text());  // it has ended: seen in a moment
        }
        return {};
    }

    Stay& stay_;
    std::optional<Relay> relay_ = {};
    os::Poll poll_ = {};
    bool ended_ = false;
};

}  // namespace

Result<os::SignalQueue> take_signals() { return os::SignalQueue::open(forwarded_signals()); }

// A terminal whose outer side nobody holds hangs up; one that nobody reads stops its program.
static Result<> drop_output_of(os::FdView terminal) {
    os::Process reader = TRY(os::spawn(0, [&] {
        (void)::setsid();
        for (int fd = 0; fd <= 2; ++fd)
            ::close(fd);
        char buffer[4096];
        while (::read(terminal.get(), buffer, sizeof buffer) > 0) {
        }
        ::_exit(0);
    }));
    std::move(reader).disown();
    return {};
}

Result<> leave(os::Process& program, const os::Fd& terminal) {
    if (terminal) TRY(drop_output_of(terminal));
    std::move(program).disown();
    return {};
}

Result<std::optional<int>> stay(Stay stay) {
    std::optional<int> status = TRY(Stayer(stay).run());
    if (!status) TRY(leave(stay.program, stay.terminal));
    return status;
}

}  // namespace sbx::container
