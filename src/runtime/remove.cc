#include "runtime/remove.h"

#include "runtime/processes.h"
#include "runtime/status.h"

namespace sbx::runtime {

static constexpr std::chrono::seconds kPatience{10};

Result<> remove(const States& states, const std::string& id, Force force) {
    Result<StateFolder> found = states.find(id);
    if (force == Force::yes && found.failed_as(Error::Kind::not_found)) return {};
    StateFolder folder = TRY(std::move(found));
    TRY(folder.lock());
    const State state = TRY(folder.read());
    const Status status = status_of(folder, state);
    if (status != Status::stopped && force == Force::no)
        return Error(Error::Kind::busy, "cannot delete container {} that is not stopped: {}", id,
                     name_of(status))
            .hint("`--force` kills it first");
    TRY(end_all(state, kPatience));
    return std::move(folder).remove();
}

}  // namespace sbx::runtime
