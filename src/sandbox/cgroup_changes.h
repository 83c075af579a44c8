// From other limits than before to what is written to a cgroup that is in use: the Linux manual,
// admin-guide/cgroup-v2.rst. Pure.
#pragma once

#include <vector>

#include "base/error.h"
#include "oci/resources.h"
#include "sandbox/cgroup_writes.h"

namespace sbx::sandbox {

// In the order in which they are made: first what a new cgroup has, for each limit that is lifted,
// then what is new. Lifting is optional, as a file that is not there limits nothing. A file of
// `unified` whose usual value is not known stays as it is. Errors are those of cgroup_writes().
Result<std::vector<CgroupWrite>> cgroup_changes(const oci::Resources& before,
                                                const oci::Resources& after);

}  // namespace sbx::sandbox
