#include "runtime/remove.h"

#include <optional>

#include "runtime/processes.h"
#include "runtime/status.h"

namespace sbx::runtime {

static constexpr std::chrono::seconds kPatience{10};

static Result<> check_may_go(const std::string& id, Status status) {
    if (status == Status::stopped || status == Status::created) return {};
    return Error(Error::Kind::busy, "cannot delete container {} that is not stopped: {}", id,
                 name_of(status))
        .hint("`--force` kills it first");
}

// Nothing where there is no record: that was never made, or is half gone.
static Result<std::optional<State>> end(const StateFolder& folder, Force force) {
    Result<State> read = folder.read();
    if (force == Force::yes && read.failed_as(Error::Kind::not_found))
        return std::optional<State>();
    State state = TRY(std::move(read));
    if (force == Force::no) TRY(check_may_go(folder.id(), status_of(folder, state)));
    TRY(end_all(state, kPatience));
    TRY(remove_cgroup(state));
    return std::optional(std::move(state));
}

// What has none, not even a configuration, has no hooks either.
static Warnings run_last_hooks(const Result<oci::Spec>& spec, const State& state) {
    if (spec) return run_poststop(spec->hooks, state);
    if (spec.failed_with(std::errc::no_such_file_or_directory)) return {};
    return {"the poststop hooks are not known: " + spec.error().text()};
}

Result<Warnings> remove(StateFolder folder, Force force) {
    Result<> locked = folder.lock();
    if (force == Force::yes && locked.failed_as(Error::Kind::not_found)) return Warnings();
    TRY(std::move(locked));
    const std::optional<State> state = TRY(end(folder, force));
    const Result<oci::Spec> spec =
        state ? spec_made_of(folder, *state) : Result<oci::Spec>(oci::Spec());
    TRY(std::move(folder).remove());
    return state ? run_last_hooks(spec, *state) : Warnings();
}

Result<Warnings> remove(const States& states, const std::string& id, Force force) {
    Result<StateFolder> found = states.find(id);
    if (force == Force::yes && found.failed_as(Error::Kind::not_found)) return Warnings();
    return remove(TRY(std::move(found)), force);
}

}  // namespace sbx::runtime
