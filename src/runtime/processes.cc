#include "runtime/processes.h"

#include <algorithm>

#include <poll.h>
#include <signal.h>

#include "os/process.h"
#include "os/processes.h"

namespace sbx::runtime {

Result<os::Fd> open_first(const State& state) {
    const auto gone = [&] {
        return Error(Error::Kind::not_found, "container '{}' does not run", state.id);
    };
    if (state.pid <= 0) return gone();
    Result<os::Fd> process = os::open_process(state.pid);
    if (process.failed_with(std::errc::no_such_process)) return gone();
    os::Fd opened = TRY(std::move(process));
    // Looked at after it was opened: the number may have been given to another one before.
    if (!os::is_alive(state.pid, state.start_time)) return gone();
    return opened;
}

Result<std::optional<sandbox::Cgroup>> cgroup_of(const State& state) {
    if (state.cgroup.path.empty()) return std::nullopt;
    Result<sandbox::Cgroup> cgroup = sandbox::Cgroup::open(state.cgroup);
    if (cgroup.failed_as(Error::Kind::not_found)) return std::nullopt;
    return TRY(std::move(cgroup), "container '{}'", state.id);
}

Result<sandbox::Cgroup> required_cgroup(const State& state) {
    if (auto cgroup = TRY(cgroup_of(state))) return *std::move(cgroup);
    return Error(Error::Kind::unsupported, "container '{}' has no cgroup of its own", state.id)
        .hint("it gets one on a machine with cgroup version 2 alone, where one is delegated");
}

Result<std::vector<pid_t>> processes_of(const State& state) {
    const os::Fd first = TRY(open_first(state));
    if (const auto cgroup = TRY(cgroup_of(state))) {
        std::vector<pid_t> found = TRY(cgroup->pids());
        std::ranges::sort(found);
        return found;
    }
    return os::processes_with(state.pid);
}

static Error not_running(const State& state) {
    return {Error::Kind::failed, "container '{}' does not run: container not running", state.id};
}

// What has ended meanwhile needs no signal.
static Result<> send_if_there(os::FdView process, int number) {
    Result<> sent = os::send_signal(process, number);
    if (sent.failed_with(std::errc::no_such_process)) return {};
    return sent;
}

Result<> signal_first(const State& state, int number) {
    Result<os::Fd> first = open_first(state);
    if (first.failed_as(Error::Kind::not_found)) return not_running(state);
    const os::Fd opened = TRY(std::move(first));
    return send_if_there(opened, number);
}

static Result<> signal_one(pid_t pid, int number) {
    Result<os::Fd> process = os::open_process(pid);
    if (process.failed_with(std::errc::no_such_process)) return {};
    const os::Fd opened = TRY(std::move(process));
    return send_if_there(opened, number);
}

// The first one last: what it leaves behind would be found no more.
static Result<> signal_each(const State& state, int number) {
    Result<std::vector<pid_t>> found = processes_of(state);
    if (found.failed_as(Error::Kind::not_found)) return {};
    const std::vector<pid_t> all = TRY(std::move(found));
    for (const pid_t pid : all)
        if (pid != state.pid) TRY(signal_one(pid, number));
    if (const Result<os::Fd> first = open_first(state)) return send_if_there(*first, number);
    return {};
}

// Without a moment at which one could be born: cgroup.kill. The first one also where it has left.
static Result<> kill_each(const State& state) {
    const auto cgroup = TRY(cgroup_of(state));
    if (!cgroup) return signal_each(state, SIGKILL);
    const Result<os::Fd> first = open_first(state);
    TRY(cgroup->kill());
    return first ? send_if_there(*first, SIGKILL) : Result<>();
}

static bool ends_within(os::FdView process, std::chrono::milliseconds patience) {
    pollfd end{.fd = process.get(), .events = POLLIN, .revents = 0};
    return ::poll(&end, 1, static_cast<int>(patience.count())) > 0;
}

Result<> signal_all(const State& state, int number) {
    return number == SIGKILL ? kill_each(state) : signal_each(state, number);
}

Result<> end_all(const State& state, std::chrono::milliseconds patience) {
    Result<os::Fd> found = open_first(state);
    TRY(kill_each(state));
    if (found.failed_as(Error::Kind::not_found)) return {};
    const os::Fd first = TRY(std::move(found));
    if (ends_within(first, patience)) return {};
    return Error(Error::Kind::busy, "container '{}' was killed and has not ended", state.id);
}

Result<> remove_cgroup(const State& state) {
    std::optional<sandbox::Cgroup> cgroup = TRY(cgroup_of(state));
    return cgroup ? std::move(*cgroup).remove() : Result<>();
}

}  // namespace sbx::runtime
