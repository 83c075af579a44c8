#include "runtime/pause.h"

#include "runtime/processes.h"
#include "runtime/status.h"

namespace sbx::runtime {

// runc's words.
static Result<> check_may_pause(const State& state, Status status) {
    if (status == Status::running || status == Status::created) return {};
    return Error(Error::Kind::busy, "container not running or created: '{}' is {}", state.id,
                 name_of(status));
}

Result<> pause(const States& states, const std::string& id) {
    StateFolder folder = TRY(states.find(id));
    TRY(folder.lock());
    const State state = TRY(folder.read());
    TRY(check_may_pause(state, status_of(folder, state)));
    const sandbox::Cgroup cgroup = TRY(required_cgroup(state));
    TRY(cgroup.freeze(), "container '{}'", id);
    return {};
}

Result<> resume(const States& states, const std::string& id) {
    StateFolder folder = TRY(states.find(id));
    TRY(folder.lock());
    const State state = TRY(folder.read());
    if (status_of(folder, state) != Status::paused)
        return Error(Error::Kind::busy, "container not paused: '{}'", id);
    const sandbox::Cgroup cgroup = TRY(required_cgroup(state));
    TRY(cgroup.thaw(), "container '{}'", id);
    return {};
}

}  // namespace sbx::runtime
