#include "container/pause.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include <signal.h>

#include "os/file.h"
#include "os/poll.h"
#include "os/process.h"
#include "os/processes.h"
#include "sandbox/cgroup.h"
#include "store/events.h"

namespace sbx::container {

// In the runtime folder, of those that are stopped: it names the process 1 that they belong to, as
// the next one of the container is not paused.
static constexpr const char* kMark = "paused";

static std::string mark_of(const store::LiveState& live) {
    return fmt::format("{} {}\n", live.pid, live.start_time);
}

static bool is_marked(const store::Containers& containers, const std::string& id,
                      const store::LiveState& live) {
    constexpr std::size_t kLongest = 100;
    const Result<os::Fd> folder = containers.find_runtime_folder(id);
    if (!folder) return false;  // it has just been removed
    return os::read_file(*folder, kMark, kLongest).value_or("") == mark_of(live);
}

// Nothing where it has none.
static Result<std::optional<sandbox::Cgroup>> cgroup_of(const store::LiveState& live) {
    const sandbox::CgroupPlace place = TRY(sandbox::CgroupPlace::from_json(live.cgroup));
    if (place.path.empty()) return std::optional<sandbox::Cgroup>();
    return std::optional(TRY(sandbox::Cgroup::open(place)));
}

bool is_paused(const store::Containers& containers, const std::string& id,
               const store::LiveState& live) {
    if (is_marked(containers, id, live)) return true;
    const std::optional<sandbox::Cgroup> cgroup = cgroup_of(live).value_or(std::nullopt);
    return cgroup && cgroup->is_frozen().value_or(false);
}

// A number that another process has got meanwhile is seen after it was opened.
static void send(pid_t first, pid_t pid, int signal) {
    const Result<os::Fd> process = os::open_process(pid);
    if (!process) return;
    if (os::is_in_namespace_of(first, pid)) (void)os::send_signal(*process, signal);
}

static void let_all_go_on(pid_t first) {
    std::vector<pid_t> all = os::processes_with(first);
    std::ranges::reverse(all);  // a child runs again before its parent can look at it
    for (const pid_t pid : all)
        send(first, pid, SIGCONT);
}

// What waits for a disk, or for a child of vfork() to run a program, stops when it is through.
static bool is_running(pid_t pid) {
    const Result<os::ProcessStat> stat = os::process_stat(pid);
    return stat && (stat->state == 'R' || stat->state == 'S');
}

static bool is_stopped(pid_t pid) {
    const Result<os::ProcessStat> stat = os::process_stat(pid);
    return !stat || stat->state == 'T' || stat->state == 't';
}

// Those that are born meanwhile are children of some that are still to be stopped.
static Result<> stop_all(pid_t first) {
    constexpr int kRounds = 500;
    constexpr std::chrono::milliseconds kMoment(2);
    for (int round = 0; round < kRounds; ++round) {
        const std::vector<pid_t> all = os::processes_with(first);
        const bool stand_still = round > 0 && std::ranges::none_of(all, is_running);
        for (const pid_t pid : all)
            if (!is_stopped(pid)) send(first, pid, SIGSTOP);
        if (stand_still) return {};
        os::sleep_for(kMoment);
    }
    let_all_go_on(first);
    return Error(Error::Kind::busy, "its processes do not stand still");
}

static Result<Pause> pause(const store::Containers& containers, const std::string& id) {
    const std::optional<store::LiveState> live = containers.live(id);
    if (!live) return Error(Error::Kind::busy, "it does not run");
    if (is_paused(containers, id, *live)) return Error(Error::Kind::busy, "it is paused already");
    if (const auto cgroup = TRY(cgroup_of(*live))) {
        TRY(cgroup->freeze());
        return Pause::frozen;
    }
    if (!os::has_own_process_namespace(live->pid))
        return Error(Error::Kind::unsupported,
                     "it has no cgroup, and shares the processes of the host")
            .hint("it gets a cgroup if it is made with --cgroups enabled");
    const os::Fd folder = TRY(containers.runtime_folder(id));
    // First, so that what a crash leaves stopped is known to be.
    TRY(os::write_atomic(folder, kMark, mark_of(*live),
                         {.durability = os::Durability::until_reboot}));
    Result<> stopped = stop_all(live->pid);
    if (stopped) return Pause::stopped;
    (void)os::remove_at(folder, kMark);  // the first failure is the one to report
    return std::move(stopped).error();
}

Result<Pause> pause(const store::Store& store, const std::string& id) {
    const store::Containers containers = TRY(store::Containers::open(store));
    // Before the lock, which would make a folder for it.
    const store::ContainerRecord record = TRY(containers.read(id));
    const os::Lock lock = TRY(containers.lock(id));
    const Pause how = TRY(pause(containers, id));
    store::note(store, store::event_of(record, "pause"));
    return how;
}

Result<> let_go_on(const store::Containers& containers, const std::string& id,
                   const store::LiveState& live) {
    if (is_marked(containers, id, live)) {
        let_all_go_on(live.pid);
        const os::Fd folder = TRY(containers.runtime_folder(id));
        return os::remove_at(folder, kMark);
    }
    const auto cgroup = TRY(cgroup_of(live));
    return cgroup ? cgroup->thaw() : Result<>();
}

Result<> unpause(const store::Store& store, const std::string& id) {
    const store::Containers containers = TRY(store::Containers::open(store));
    const store::ContainerRecord record = TRY(containers.read(id));
    const os::Lock lock = TRY(containers.lock(id));
    const std::optional<store::LiveState> live = containers.live(id);
    if (!live || !is_paused(containers, id, *live))
        return Error(Error::Kind::busy, "it is not paused");
    TRY(let_go_on(containers, id, *live));
    store::note(store, store::event_of(record, "unpause"));
    return {};
}

Result<> check_not_paused(const store::Containers& containers, const std::string& id,
                          const store::LiveState& live) {
    if (!is_paused(containers, id, live)) return {};
    return Error(Error::Kind::busy, "the container is paused")
        .hint(fmt::format("`sbx unpause {}` has it go on", id.substr(0, 12)));
}

}  // namespace sbx::container
