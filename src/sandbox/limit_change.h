// A change of the limits of a cgroup in use, which is made whole or not at all.
#pragma once

#include <functional>
#include <vector>

#include "base/error.h"
#include "oci/resources.h"
#include "sandbox/cgroup.h"
#include "sandbox/cgroup_host.h"

namespace sbx::sandbox {

class LimitChange {
public:
    // Errors are those of cgroup_changes().
    static Result<LimitChange> between(const oci::Resources& before, const oci::Resources& after);

    bool is_none() const { return writes_.empty(); }

    // Writes it, and then has `keep` note it down. Where either fails, the limits are what they
    // were. The host says what a controller that is not there would take: the cgroup may be in
    // another place than it would get now, with other controllers.
    Result<> make(const Cgroup& cgroup, const CgroupHost& host,
                  const std::function<Result<>()>& keep) const;

private:
    LimitChange(std::vector<CgroupWrite> writes, std::vector<CgroupWrite> back)
        : writes_(std::move(writes)), back_(std::move(back)) {}

    void undo(const Cgroup& cgroup) const;

    std::vector<CgroupWrite> writes_;
    std::vector<CgroupWrite> back_;
};

}  // namespace sbx::sandbox
