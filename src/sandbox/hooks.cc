#include "sandbox/hooks.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"
#include "os/process.h"
#include "os/signals.h"
#include "os/socket.h"

namespace sbx::sandbox {

// A file, so that a hook need not read it, and nobody waits for one that does not.
static Result<os::Fd> document(std::string_view state) {
    os::Fd file(::memfd_create("state", MFD_CLOEXEC));
    if (!file) return Error::from_errno(errno, "make memory for the state");
    TRY(os::write_at(file, 0, state));
    return file;
}

// Returns only when something failed.
static Error become_hook(const oci::Hook& hook, const HookMoment& moment) {
    const os::Fd state = TRY(document(moment.state));
    TRY(os::place_at(state, 0));
    TRY(os::place_at(os::FdView::number(2), 1));
    os::reset_signals();
    TRY(os::close_on_exec_from(3));
    if (moment.confine) TRY(moment.confine());
    const std::vector<std::string> argv =
        hook.args.empty() ? std::vector<std::string>{hook.path} : hook.args;
    return os::execute(hook.path, argv, hook.env.empty() ? moment.environment : hook.env);
}

static Result<os::Process> start(const oci::Hook& hook, const HookMoment& moment) {
    os::SocketPair ends = TRY(os::open_socket_pair());
    os::Process process = TRY(os::spawn(0, [&] {
        ends.one.reset();
        (void)os::send_message(ends.other, become_hook(hook, moment).pack());
        ::_exit(127);
    }));
    ends.other.reset();
    const std::optional<os::Message> failure = TRY(os::receive_message(ends.one));
    if (failure) return Error::unpack(failure->bytes);
    return process;
}

// Whether it ended by then; without a limit it has all the time.
static bool ends_within(os::FdView pidfd, std::optional<std::int32_t> seconds) {
    using Clock = std::chrono::steady_clock;
    constexpr std::int64_t kLongest = 1'000'000;  // milliseconds at a time
    const auto deadline = Clock::now() + std::chrono::seconds(seconds.value_or(0));
    pollfd end{.fd = pidfd.get(), .events = POLLIN, .revents = 0};
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (seconds && left <= 0) return false;
        const int wait = seconds ? static_cast<int>(std::min<std::int64_t>(left, kLongest)) : -1;
        if (::poll(&end, 1, wait) > 0) return true;
    }
}

static Result<> run(const oci::Hook& hook, const HookMoment& moment) {
    os::Process process = TRY(start(hook, moment));
    if (!ends_within(process.pidfd(), hook.timeout))
        return Error(Error::Kind::failed, "it did not end within {} seconds",
                     hook.timeout.value_or(0));
    const os::ExitStatus status = TRY(process.wait());
    if (status.code == 0) return {};
    return Error(Error::Kind::failed, "it ended with status {}", status.code);
}

Result<> run_hooks(const std::vector<oci::Hook>& hooks, const HookMoment& moment) {
    for (const oci::Hook& hook : hooks)
        TRY(run(hook, moment), "{} hook '{}'", moment.name, excerpt(hook.path));
    return {};
}

}  // namespace sbx::sandbox
