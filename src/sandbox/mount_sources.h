// Mounts of the host that have to be opened before the container's namespaces are there: of whose
// ids it maps, that carry mounts between the host and the container, and that another container
// has. In a new mount namespace every mount is another one, and in a new user namespace nobody may
// do this.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "base/error.h"
#include "os/fd.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

bool opens_before(const Bind& bind);

// What is at its `from`, detached: the link itself, where there is one and it says so.
Result<os::Fd> clone_from_host(const Bind& bind);

// The sources of a plan's binds that opens_before() names, detached, in the order of the plan.
class MountSources {
public:
    MountSources() = default;
    static Result<MountSources> open(const Plan& plan);

    Result<os::Fd> take();  // the next; an empty one where it is optional and not there
    const std::vector<os::Fd>& fds() const { return mounts_; }

private:
    std::vector<os::Fd> mounts_ = {};
    std::size_t taken_ = 0;
};

}  // namespace sbx::sandbox
