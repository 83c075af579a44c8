#include "container/ending.h"

#include <algorithm>
#include <utility>

#include <poll.h>
#include <signal.h>

#include "container/blueprint.h"
#include "container/end.h"
#include "container/pause.h"
#include "container/status.h"
#include "os/process.h"
#include "os/signals.h"
#include "store/events.h"

namespace sbx::container {

using std::chrono::seconds;

// Between the end of a program and its record lie some instructions of its sbx.
static constexpr seconds kPatienceForRecord(10);

static Error not_running(const store::ContainerRecord& record) {
    return {Error::Kind::busy, "container '{}' does not run", record.name};
}

// What has ended meanwhile needs no signal.
static Result<> send(os::FdView process, int number) {
    Result<> sent = os::send_signal(process, number);
    if (sent.failed_with(std::errc::no_such_process)) return {};
    return sent;
}

// A start that is under way holds the lock: what it starts is meant, too. While the caller holds
// it, nobody starts the container.
static Result<os::Lock> lock(const store::Containers& containers, const std::string& id) {
    TRY(containers.read(id));  // before the lock, which would make a folder for it
    return containers.lock(id);
}

// Its monitor is not to start it again: by its policy, or by one that it had when it was started.
static Result<> keep_down(const store::Containers& containers, const Blueprint& blueprint) {
    const bool kept = containers.keeper(blueprint.record.id).has_value();
    if (blueprint.restart.when == RestartPolicy::When::no && !kept) return {};
    return containers.note_stop(blueprint.record.id);
}

static void note_signal(const store::Store& store, const store::ContainerRecord& record,
                        int number) {
    store::note(store, store::event_of(record, "kill", {{"signal", std::to_string(number)}}));
}

Result<> send_signal(const store::Store& store, const std::string& id, int number) {
    const store::Containers containers = TRY(store::Containers::open(store));
    const os::Lock held = TRY(lock(containers, id));
    const store::ContainerRecord record = TRY(containers.read(id));
    const std::optional<store::LiveState> live = containers.live(id);
    if (!live) return not_running(record);
    const Result<os::Fd> process = open_program(containers, id, *live);
    if (!process) return not_running(record);
    const Blueprint blueprint = TRY(read_blueprint(containers, id));
    if (number == SIGKILL || number == blueprint.stop_signal) TRY(keep_down(containers, blueprint));
    TRY(send(*process, number));
    note_signal(store, record, number);
    return {};
}

Result<Ending> Ending::open(const store::Store& store) {
    return Ending(store, TRY(store::Containers::open(store)));
}

Result<Ending::One> Ending::find(const std::string& id) const {
    One one{.record = TRY(containers_.read(id))};
    if (const auto live = containers_.live(id))
        if (Result<os::Fd> process = open_program(containers_, id, *live))
            one.process = *std::move(process);
    return one;
}

Result<> Ending::kill(One& one) const {
    constexpr seconds kPatience(10);
    TRY(send(one.process, SIGKILL));
    note_signal(*store_, one.record, SIGKILL);
    one.killed = true;
    one.deadline = Clock::now() + kPatience;
    return {};
}

Result<> Ending::kill(const std::string& id) {
    const os::Lock held = TRY(lock(containers_, id));
    One one = TRY(find(id));
    if (!one.process) return not_running(one.record);
    const Blueprint blueprint = TRY(read_blueprint(containers_, id));
    TRY(keep_down(containers_, blueprint));
    TRY(kill(one));
    ones_.push_back(std::move(one));
    return {};
}

// It would get the signal, and its time would pass, while it stands still.
Result<> Ending::go_on_to_end(const std::string& id) const {
    const std::optional<store::LiveState> live = containers_.live(id);
    if (!live || !is_paused(containers_, id, *live)) return {};
    return let_go_on(containers_, id, *live);
}

Result<> Ending::ask(const std::string& id, std::optional<seconds> patience) {
    const store::ContainerRecord record = TRY(containers_.read(id));
    if (!record.is_infra) return ask_now(id, patience);
    last_.push_back({.id = id, .patience = patience});
    return {};
}

void Ending::ask_last(const Listener& listener) {
    for (const Last& one : std::exchange(last_, {}))
        if (Result<> asked = ask_now(one.id, one.patience); !asked)
            listener.ended(one.id, std::move(asked));
}

Result<> Ending::ask_now(const std::string& id, std::optional<seconds> patience) {
    const os::Lock held = TRY(lock(containers_, id));
    One one = TRY(find(id));
    const Blueprint blueprint = TRY(read_blueprint(containers_, id));
    TRY(keep_down(containers_, blueprint));
    if (one.process && patience == seconds(0)) {
        TRY(kill(one));
    } else if (one.process) {
        one.was_told = true;
        TRY(send(one.process, blueprint.stop_signal));
        note_signal(*store_, one.record, blueprint.stop_signal);
        TRY(go_on_to_end(id));
        const seconds time = patience.value_or(seconds(blueprint.stop_timeout));
        if (time >= seconds(0)) one.deadline = Clock::now() + time;
        one.time_over =
            fmt::format("container '{}' did not end within {} s of {}, and was killed",
                        one.record.name, time.count(), os::signal_name(blueprint.stop_signal));
    }
    if (!one.process) one.deadline = Clock::now() + kPatienceForRecord;
    ones_.push_back(std::move(one));
    return {};
}

// Whoever records an end tells of it next, as an event, and then forgets that the container lived.
static bool is_told(const store::Containers& containers, const std::string& id) {
    const std::optional<store::LiveState> noted = containers.noted_live(id);
    return !noted || !os::is_alive(noted->monitor, noted->monitor_start_time);
}

// How it ended, or why it did not; nothing as long as that may change.
std::optional<Result<>> Ending::end_of(One& one, const Listener& listener) const {
    const bool late = one.deadline && Clock::now() >= *one.deadline;
    if (one.process && late && one.killed)
        return Error(Error::Kind::busy, "it was killed and has not ended");
    if (one.process && late) {
        if (Result<> killed = kill(one); !killed) return killed;
        listener.warn(one.time_over);
    }
    pollfd end{.fd = one.process.get(), .events = POLLIN, .revents = 0};
    if (one.process && ::poll(&end, 1, 0) == 0) return std::nullopt;
    if (one.process) one.deadline = Clock::now() + kPatienceForRecord;
    one.process.reset();
    const bool over = !one.deadline || Clock::now() >= *one.deadline;
    const Status status = status_of(containers_, one.record);
    if (status.state != State::running && (over || is_told(containers_, one.record.id))) {
        if (one.was_told) store::note(*store_, store::event_of(one.record, "stop"));
        return Result<>();
    }
    if (!over) return std::nullopt;
    return Error(Error::Kind::busy, "it has ended, but process {}, its sbx, does not record that",
                 status.live ? status.live->monitor : 0);
}

// Until one ends, or the time of one is over. Between the end of a program and its record lie some
// instructions of another process.
Result<> Ending::round() {
    constexpr std::chrono::milliseconds kMoment(4);
    os::Poll poll;
    std::optional<Clock::time_point> deadline;
    for (const One& one : ones_) {
        const std::optional<Clock::time_point> own =
            one.process ? one.deadline : Clock::now() + kMoment;
        if (own) deadline = std::min(*own, deadline.value_or(*own));
        if (one.process) poll.watch(one.process, POLLIN, [](short) { return Result<>(); });
    }
    (void)TRY(poll.wait(deadline));  // whatever it is, all are looked at
    return {};
}

Result<> Ending::wait(const Listener& listener) {
    while (true) {
        std::erase_if(ones_, [&](One& one) {
            std::optional<Result<>> end = end_of(one, listener);
            if (end) listener.ended(one.record.id, std::move(*end));
            return end.has_value();
        });
        if (ones_.empty() && last_.empty()) return {};
        if (ones_.empty())
            ask_last(listener);
        else
            TRY(round());
    }
}

}  // namespace sbx::container
