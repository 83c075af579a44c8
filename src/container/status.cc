#include "container/status.h"

#include <algorithm>

#include "base/log.h"
#include "container/initialize.h"
#include "container/life.h"
#include "container/pause.h"
#include "os/process.h"

namespace sbx::container {

std::string_view name_of(const Status& status) {
    if (status.initialized) return "initialized";
    switch (status.state) {
        case State::created: return "created";
        case State::running: return status.paused ? "paused" : "running";
        case State::exited: return status.restarting ? "restarting" : "exited";
    }
    std::unreachable();
}

// The exit code of a program whose end nobody recorded: it was killed with its sbx.
static constexpr int kUnknown = 137;

static bool is_watched(const store::LiveState& noted) {
    return os::is_alive(noted.monitor, noted.monitor_start_time);
}

static std::optional<Health> health_of(const store::Containers& containers, const std::string& id) {
    const Result<os::Fd> folder = containers.find_runtime_folder(id);
    return folder ? read_health(*folder) : std::nullopt;
}

// In this order, nothing is missed that happens between the looks: the note of the start goes only
// after the record of the end has been written, and the sbx that writes it lives until then.
Status status_of(const store::Containers& containers, const store::ContainerRecord& record) {
    const auto noted = containers.noted_live(record.id);
    const bool runs = noted && (os::is_alive(noted->pid, noted->start_time) || is_watched(*noted));
    const store::ContainerRecord last = containers.read(record.id).value_or(record);
    const bool recorded = last.exit_code && (!noted || last.started == noted->started);
    if (recorded)
        return {.state = State::exited,
                .exit_code = *last.exit_code,
                .initialized = is_initialized(containers, last),
                .restarting = containers.keeper(record.id).has_value()};
    if (runs)
        return {.state = State::running,
                .live = noted,
                .paused = is_paused(containers, record.id, *noted),
                .health = health_of(containers, record.id)};
    if (noted) return {.state = State::exited, .exit_code = kUnknown};
    return {.initialized = is_initialized(containers, last)};
}

static std::string condition_of(const Status& status) {
    if (status.paused) return " (Paused)";
    if (!status.health) return "";
    const HealthStatus health = status.health->status;
    return fmt::format(" ({}{})", health == HealthStatus::starting ? "health: " : "",
                       name_of(health));
}

std::string describe(const Status& status, const store::ContainerRecord& record, Instant now) {
    if (status.initialized) return "Initialized";
    switch (status.state) {
        case State::created: return "Created";
        case State::running:  // NOLINTNEXTLINE(bugprone-unchecked-optional-access): it has one
            return fmt::format("Up {}{}", ago(status.live->started, now), condition_of(status));
        case State::exited:
            if (!record.finished) return fmt::format("Exited ({})", status.exit_code);
            return fmt::format("{} ({}) {} ago", status.restarting ? "Restarting" : "Exited",
                               status.exit_code, ago(*record.finished, now));
    }
    std::unreachable();
}

// Its maker holds its lock until it runs, and removes it after its end.
static bool is_left_over(const store::Containers& containers, const Listed& listed) {
    if (!listed.record.remove_after || listed.status.state == State::running) return false;
    const auto noted = containers.noted_live(listed.record.id);
    if (noted ? is_watched(*noted) : listed.record.awaits_start) return false;
    return containers.try_lock(listed.record.id).has_value() && !containers.live(listed.record.id);
}

Result<std::vector<Listed>> list(const store::Store& store, const os::IdMap& ids) {
    const store::Containers containers = TRY(store::Containers::open(store));
    std::vector<Listed> all;
    for (store::ContainerRecord& record : TRY(containers.all())) {
        Listed listed{.record = std::move(record), .status = {}};
        listed.status = status_of(containers, listed.record);
        if (listed.status.state == State::exited)
            listed.record = containers.read(listed.record.id).value_or(listed.record);
        if (!is_left_over(containers, listed)) {
            all.push_back(std::move(listed));
            continue;
        }
        const Result<> removed = remove_container(store, listed.record, ids);
        if (!removed) log::debug("{}", removed.error().text());
    }
    std::ranges::reverse(all);
    return all;
}

}  // namespace sbx::container
