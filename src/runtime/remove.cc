#include "runtime/remove.h"

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

// What has no record was never made, or is half gone.
static Result<> end(const StateFolder& folder, Force force) {
    Result<State> read = folder.read();
    if (force == Force::yes && read.failed_as(Error::Kind::not_found)) return {};
    const State state = TRY(std::move(read));
    if (force == Force::no) TRY(check_may_go(folder.id(), status_of(folder, state)));
    return end_all(state, kPatience);
}

Result<> remove(StateFolder folder, Force force) {
    Result<> locked = folder.lock();
    if (force == Force::yes && locked.failed_as(Error::Kind::not_found)) return {};
    TRY(std::move(locked));
    TRY(end(folder, force));
    return std::move(folder).remove();
}

Result<> remove(const States& states, const std::string& id, Force force) {
    Result<StateFolder> found = states.find(id);
    if (force == Force::yes && found.failed_as(Error::Kind::not_found)) return {};
    return remove(TRY(std::move(found)), force);
}

}  // namespace sbx::runtime
