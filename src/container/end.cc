#include "container/end.h"

#include <algorithm>
#include <chrono>

#include <poll.h>
#include <signal.h>

#include "container/left_processes.h"
#include "container/life.h"
#include "container/status.h"
#include "os/file.h"
#include "os/poll.h"
#include "os/process.h"
#include "sandbox/cgroup.h"
#include "store/pods.h"

namespace sbx::container {

using std::chrono::milliseconds;

Result<os::Fd> open_program(const store::Containers& containers, const std::string& id,
                            const store::LiveState& live) {
    os::Fd pidfd = TRY(os::open_process(live.pid));
    if (!containers.live(id)) return Error(Error::Kind::not_found, "the container has just ended");
    return pidfd;
}

static void wait_until_gone(const os::Fd& pidfd, int patience_ms) {
    pollfd end{.fd = pidfd.get(), .events = POLLIN, .revents = 0};
    while (::poll(&end, 1, patience_ms) < 0 && errno == EINTR) {
    }
}

// Between the end of the program and its record lie some instructions of the sbx that saw it, if
// that lives; it may be stopped for any time, too.
static Status wait_for_record(const store::Containers& containers,
                              const store::ContainerRecord& record, milliseconds patience) {
    constexpr milliseconds kLongestStep(64);
    milliseconds waited(0);
    Status status = status_of(containers, record);
    for (milliseconds step(1); status.state == State::running && waited < patience;
         step = std::min(2 * step, kLongestStep)) {
        os::sleep_for(step);
        waited += step;
        status = status_of(containers, record);
    }
    return status;
}

Result<int> wait_for_end(const store::Store& store, const std::string& id) {
    const store::Containers containers = TRY(store::Containers::open(store));
    const store::ContainerRecord record = TRY(containers.read(id));
    TRY(containers.lock(id)).release();  // a start that is under way holds it
    const os::Fd folder = TRY(containers.runtime_folder(id));
    // Held until the code has been read: a container with --rm is not removed before.
    const os::Lock reading =
        TRY(os::Lock::take(folder, "waiting", os::Share::shared, milliseconds(10'000)));
    if (const auto live = containers.live(id))
        if (const Result<os::Fd> pidfd = open_program(containers, id, *live))
            wait_until_gone(*pidfd, -1);
    const Status status = wait_for_record(containers, record, milliseconds::max());
    TRY(containers.read(id));  // it may have been removed by force
    if (status.state == State::created)
        return Error(Error::Kind::busy, "container '{}' has not been started", record.name);
    return status.exit_code;
}

static Result<> kill(const store::Containers& containers, const std::string& id,
                     const store::LiveState& live) {
    constexpr int kPatienceMs = 10'000;
    const Result<os::Fd> pidfd = open_program(containers, id, live);
    if (!pidfd) return {};  // it has ended meanwhile
    const Result<> sent = os::send_signal(*pidfd, SIGKILL);
    if (!sent && !sent.failed_with(std::errc::no_such_process))
        return Error(Error::Kind::denied, "process {} cannot be killed", live.pid);
    wait_until_gone(*pidfd, kPatienceMs);
    return {};
}

// Left by an sbx that was killed with its container; else it is gone.
static void remove_cgroup(const store::LiveState& noted) {
    const Result<sandbox::CgroupPlace> place = sandbox::CgroupPlace::from_json(noted.cgroup);
    if (!place || place->path.empty()) return;
    Result<sandbox::Cgroup> cgroup = sandbox::Cgroup::open(*place);
    if (cgroup && cgroup->pids().value_or(std::vector<pid_t>{1}).empty())
        (void)std::move(*cgroup).remove();  // it is empty, and in nobody's way
}

namespace {

// One that does not run, nor will as long as the lock is held.
struct Ended {
    os::Lock lock;
    store::ContainerRecord record;
};

}  // namespace

static Result<Ended> end_to_remove(const store::Containers& containers, const std::string& id,
                                   Force force) {
    TRY(containers.read(id));  // before the lock, which would make a folder for it
    os::Lock lock = TRY(containers.lock(id));
    store::ContainerRecord record = TRY(containers.read(id));
    if (const auto live = containers.live(id)) {
        if (force == Force::no)
            return Error(Error::Kind::busy, "container '{}' is running", record.name)
                .hint("`sbx stop` ends it, or `sbx rm --force`");
        TRY(containers.note_stop(id));
        TRY(kill(containers, id, *live));
    } else if (containers.keeper(id)) {
        if (force == Force::no)
            return Error(Error::Kind::busy, "container '{}' is about to be started again",
                         record.name)
                .hint("`sbx stop` has it stay as it is");
        TRY(containers.note_stop(id));
    }
    if (const auto noted = containers.noted_live(id)) remove_cgroup(*noted);
    end_left_processes(containers, id);
    constexpr milliseconds kPatience(5000);
    (void)wait_for_record(containers, record, kPatience);  // whatever it says, the container goes
    return Ended{.lock = std::move(lock), .record = std::move(record)};
}

// One whose pod has gone, in a crash, is nobody's.
Result<> remove(const store::Store& store, const std::string& id, const os::IdMap& ids,
                Force force) {
    const store::Containers containers = TRY(store::Containers::open(store));
    const store::ContainerRecord record = TRY(containers.read(id));
    if (record.is_infra) {
        const store::Pods pods = TRY(store::Pods::open(store));
        if (const Result<store::Pod> pod = pods.find(record.pod))
            return Error(Error::Kind::busy, "container '{}' is the infra of pod '{}'", record.name,
                         pod->name)
                .hint(fmt::format("`sbx pod rm {}` removes both", pod->name));
    }
    const Ended ended = TRY(end_to_remove(containers, id, force));
    return remove_container(store, ended.record, ids);
}

Result<std::vector<std::string>> remove_with_pod(const store::Store& store, const std::string& id,
                                                 const os::IdMap& ids, Force force) {
    const store::Containers containers = TRY(store::Containers::open(store));
    Ended ended = TRY(end_to_remove(containers, id, force));
    TRY(containers.remove(ended.record, ids));
    return std::move(ended.record.anonymous_volumes);
}

}  // namespace sbx::container
