#include "container/condition.h"

#include <algorithm>

#include <poll.h>

#include "base/text.h"
#include "container/blueprint.h"
#include "container/end.h"
#include "os/poll.h"

namespace sbx::container {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

Result<Condition> parse_condition(std::string_view word) {
    using Known = std::pair<std::string_view, Condition>;
    static constexpr Known kKnown[] = {
        {"created", Condition::created},         {"configured", Condition::created},
        {"initialized", Condition::initialized}, {"running", Condition::running},
        {"paused", Condition::paused},           {"stopped", Condition::stopped},
        {"exited", Condition::stopped},          {"not-running", Condition::stopped},
        {"healthy", Condition::healthy},         {"unhealthy", Condition::unhealthy},
        {"removed", Condition::removed},         {"removing", Condition::removed}};
    const auto known = std::ranges::find(kKnown, word, &Known::first);
    if (known != std::end(kKnown)) return known->second;
    return Error(Error::Kind::usage,
                 "--condition {}: created, initialized, running, paused, stopped, exited, healthy, "
                 "unhealthy or "
                 "removed belongs there",
                 excerpt(word));
}

static bool has_health(const Status& status, HealthStatus wanted) {
    return status.health && status.health->status == wanted;
}

bool fulfils(const Status& status, Condition condition) {
    switch (condition) {
        case Condition::created: return status.state == State::created && !status.initialized;
        case Condition::initialized: return status.initialized;
        case Condition::running: return status.state == State::running && !status.paused;
        case Condition::paused: return status.paused;
        case Condition::stopped: return status.state == State::exited && !status.initialized;
        case Condition::healthy: return has_health(status, HealthStatus::healthy);
        case Condition::unhealthy: return has_health(status, HealthStatus::unhealthy);
        case Condition::removed: return false;
    }
    std::unreachable();
}

static bool is_about_health(Condition condition) {
    return condition == Condition::healthy || condition == Condition::unhealthy;
}

static Result<> check_health_is_known(const store::Containers& containers, const std::string& id,
                                      const Wait& wait) {
    if (!std::ranges::all_of(wait.conditions, is_about_health)) return {};
    const Blueprint blueprint = TRY(read_blueprint(containers, id));
    if (blueprint.health) return {};
    return Error(Error::Kind::usage, "container '{}' has no health check", blueprint.record.name);
}

// For one interval, or until the program ends; its end is on record a moment later.
static void wait_a_while(const store::Containers& containers, const std::string& id,
                         const Status& status, nanoseconds interval) {
    constexpr milliseconds kMoment(4);
    Result<os::Fd> program = Error(Error::Kind::not_found, "it does not run");
    if (status.live) program = open_program(containers, id, *status.live);
    if (!program) return os::sleep_for(status.live ? kMoment : interval);
    pollfd end{.fd = program->get(), .events = POLLIN, .revents = 0};
    const auto time = std::chrono::ceil<milliseconds>(interval).count();
    if (::poll(&end, 1, static_cast<int>(std::min<std::int64_t>(time, INT32_MAX))) > 0)
        os::sleep_for(kMoment);
}

Result<int> wait_for(const store::Store& store, const std::string& id, const Wait& wait) {
    const auto wants = [&](Condition one) {
        return std::ranges::find(wait.conditions, one) != wait.conditions.end();
    };
    if (wants(Condition::stopped) && wait.conditions.size() == 1) return wait_for_end(store, id);
    const store::Containers containers = TRY(store::Containers::open(store));
    TRY(check_health_is_known(containers, id, wait));
    std::optional<os::Lock> reading;  // one with --rm is not removed before its end has been seen
    if (wants(Condition::stopped)) {
        const os::Fd folder = TRY(containers.runtime_folder(id));
        constexpr milliseconds kPatience(10'000);
        reading.emplace(TRY(os::Lock::take(folder, "waiting", os::Share::shared, kPatience)));
    }
    for (;;) {
        Result<store::ContainerRecord> record = containers.read(id);
        if (record.failed_as(Error::Kind::not_found) && wants(Condition::removed)) return -1;
        if (!record) return std::move(record).error();
        const Status status = status_of(containers, *record);
        for (const Condition condition : wait.conditions)
            if (fulfils(status, condition))
                return condition == Condition::stopped ? status.exit_code : -1;
        wait_a_while(containers, id, status, wait.interval);
    }
}

}  // namespace sbx::container
