// What a container is doing, from its record and from what runs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "container/health.h"
#include "store/containers.h"

namespace sbx::container {

enum class State : std::uint8_t { created, running, exited };

struct Status {
    State state = State::created;
    std::optional<store::LiveState> live = {};
    int exit_code = 0;
    bool initialized = false;           // it does not run, and has been made ready to
    bool paused = false;                // it runs, and stands still
    bool restarting = false;            // it has ended, and its monitor is about to start it again
    std::optional<Health> health = {};  // of one that runs and is checked

    bool is_active() const { return state == State::running || restarting; }
};

std::string_view name_of(const Status& status);  // "running", "paused"

// A container runs until its end is on record, or until its program and its sbx are both gone.
// `record` may be an older one; what has been recorded since counts.
Status status_of(const store::Containers& containers, const store::ContainerRecord& record);

// "Up 3 minutes", "Exited (0) 2 hours ago", "Created": as docker words it.
std::string describe(const Status& status, const store::ContainerRecord& record, Instant now);

struct Listed {
    store::ContainerRecord record;
    Status status;
};

// All containers, newest first. Those that were to go with their end, and whose sbx was killed
// before it could see to that, are removed on the way.
Result<std::vector<Listed>> list(const store::Store& store, const os::IdMap& ids);

}  // namespace sbx::container
