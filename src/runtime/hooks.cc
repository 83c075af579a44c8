#include "runtime/hooks.h"

#include "os/process.h"
#include "runtime/bundle.h"
#include "sandbox/hooks.h"

namespace sbx::runtime {

using Stage = sandbox::Surroundings::Stage;

std::function<std::string(pid_t, Stage)> state_for_hooks(State state) {
    return [state = std::move(state)](pid_t init, Stage stage) {
        State now = state;
        now.pid = init;
        return state_document(now, stage == Stage::created ? Status::created : Status::creating)
            .dump();
    };
}

Result<oci::Spec> spec_made_of(const StateFolder& folder, const State& state) {
    const std::string config = TRY(folder.config());
    return TRY(spec_of(state.bundle, config), "container '{}'", folder.id());
}

static sandbox::HookMoment moment(std::string_view name, const State& state, Status status) {
    return {.name = name,
            .state = state_document(state, status).dump(),
            .environment = os::environment()};
}

Result<> run_poststart(const oci::Hooks& hooks, const State& state) {
    const bool runs = os::is_alive(state.pid, state.start_time);  // it may have ended at once
    return sandbox::run_hooks(hooks.poststart,
                              moment("poststart", state, runs ? Status::running : Status::stopped));
}

Warnings run_poststop(const oci::Hooks& hooks, const State& state) {
    Warnings warnings;
    for (const oci::Hook& hook : hooks.poststop) {
        const Result<> ran = sandbox::run_hooks({hook}, moment("poststop", state, Status::stopped));
        if (!ran) warnings.push_back(ran.error().text());
    }
    return warnings;
}

}  // namespace sbx::runtime
