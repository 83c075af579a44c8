#include "container/stay.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "container/supervise.h"
#include "os/inherited.h"
#include "os/memory.h"

namespace sbx::container {

Result<os::SignalQueue> take_signals() { return os::SignalQueue::open(forwarded_signals()); }

// What the caller had open, for people or for other programs, must not be held open here.
[[noreturn]] static void read_to_its_end(os::FdView terminal) {
    (void)::setsid();
    ::signal(SIGHUP, SIG_IGN);  // forgets the one that the caller's terminal sent at its end
    os::reset_signals();
    (void)os::enter_directory("/");
    const Result<> closed = os::close_all_but({terminal});
    const bool waits = ::fcntl(terminal.get(), F_SETFL, O_RDWR) == 0;  // a relay does not
    char buffer[4096];
    while (closed && waits && ::read(terminal.get(), buffer, sizeof buffer) > 0) {
    }
    ::_exit(0);
}

// A terminal whose outer side nobody holds hangs up; one that nobody reads stops its program.
static Result<> drop_output_of(os::FdView terminal) {
    os::Process reader = TRY(os::spawn(0, [&] { read_to_its_end(terminal); }));
    std::move(reader).disown();
    return {};
}

Result<> leave(os::Process& program, const os::Fd& terminal) {
    if (terminal) TRY(drop_output_of(terminal));
    std::move(program).disown();
    return {};
}

Result<int> outlive(os::Process& program, const os::Fd& terminal) {
    (void)::setsid();
    ::signal(SIGHUP, SIG_IGN);
    TRY(os::enter_directory("/"));
    TRY(os::close_inherited());
    os::forget_program_pages();
    char buffer[4096];
    while (terminal && ::read(terminal.get(), buffer, sizeof buffer) > 0) {
    }
    return TRY(program.wait()).code;
}

static Result<std::optional<Relay>> open_relay(Stay& stay) {
    if (!stay.terminal) return std::optional<Relay>();
    ::signal(SIGPIPE, SIG_IGN);  // the person's terminal has to be put right first
    os::Fd master = TRY(os::duplicate(stay.terminal));
    return std::optional(
        TRY(Relay::open(std::move(master), stay.input, std::move(stay.detach_keys))));
}

Result<std::optional<int>> stay(Stay stay) {
    std::optional<Relay> relay = TRY(open_relay(stay));
    const Supervised how = TRY(supervise({.program = stay.program,
                                          .signals = stay.signals,
                                          .relay = relay ? &*relay : nullptr,
                                          .keyboard = stay.keyboard}));
    relay.reset();
    if (how == Supervised::ended) return std::optional(TRY(stay.program.wait()).code);
    TRY(leave(stay.program, stay.terminal));
    return std::optional<int>();
}

}  // namespace sbx::container
