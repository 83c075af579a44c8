#include "sandbox/limit_change.h"

#include <utility>

#include "base/log.h"
#include "sandbox/cgroup_changes.h"
#include "sandbox/places.h"

namespace sbx::sandbox {

Result<LimitChange> LimitChange::between(const oci::Resources& before,
                                         const oci::Resources& after) {
    std::vector<CgroupWrite> writes = TRY(cgroup_changes(before, after));
    std::vector<CgroupWrite> back = TRY(cgroup_changes(after, before));
    return LimitChange(std::move(writes), std::move(back));
}

Result<> LimitChange::make(const Cgroup& cgroup, const CgroupHost& host,
                           const std::function<Result<>()>& keep) const {
    const std::vector<std::string> there = TRY(cgroup.controllers());
    TRY(check_limits(writes_, there, host));
    Result<> made = cgroup.write(writes_);
    if (made) made = keep();
    if (!made) undo(cgroup);
    return made;
}

// As far as that goes: what could not be written is as it was.
void LimitChange::undo(const Cgroup& cgroup) const {
    for (const CgroupWrite& one : back_) {
        const Result<> written = cgroup.write({one});
        if (!written) log::debug("{}", written.error().text());
    }
}

}  // namespace sbx::sandbox
