#include "runtime/remove.h"

#include <optional>

#include "runtime/processes.h"
#include "runtime/resctrl.h"
#include "runtime/status.h"

namespace sbx::runtime {

static constexpr std::chrono::seconds kPatience{10};

static Result<> check_may_go(const std::string& id, Status status) {
    if (status == Status::stopped || status == Status::created) return {};
    return Error(Error::Kind::busy, "cannot delete container {} that is not stopped: {}", id,
                 name_of(status))
        .hint("`--force` kills it first");
}

// Nothing where there is no record: that was never made, or is half gone. Where it is damaged, the
// copy knows what there is to end.
static Result<std::optional<State>> record_of(const StateFolder& folder, Force force,
                                              Warnings& warnings) {
    Result<State> read = folder.read();
    if (read || force == Force::no) return std::optional(TRY(std::move(read)));
    if (read.failed_as(Error::Kind::not_found)) return std::optional<State>();
    Result<State> copy = folder.read_copy();
    if (copy) return std::optional(*std::move(copy));
    warnings.push_back(read.error().text() + "; what still runs of it is not known");
    return std::optional<State>();
}

static Result<std::optional<State>> end(const StateFolder& folder, Force force,
                                        Warnings& warnings) {
    std::optional<State> found = TRY(record_of(folder, force, warnings));
    if (!found) return found;
    const State& state = *found;
    if (force == Force::no) TRY(check_may_go(folder.id(), status_of(folder, state)));
    TRY(end_all(state, kPatience));
    TRY(remove_cgroup(state));
    TRY(remove_resctrl(state.resctrl));
    return found;
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
    Warnings warnings;
    const std::optional<State> state = TRY(end(folder, force, warnings));
    const Result<oci::Spec> spec =
        state ? spec_made_of(folder, *state) : Result<oci::Spec>(oci::Spec());
    TRY(std::move(folder).remove());
    return state ? run_last_hooks(spec, *state) : warnings;
}

Result<Warnings> remove(const States& states, const std::string& id, Force force) {
    Result<StateFolder> found = states.find(id);
    if (force == Force::yes && found.failed_as(Error::Kind::not_found)) return Warnings();
    return remove(TRY(std::move(found)), force);
}

}  // namespace sbx::runtime
