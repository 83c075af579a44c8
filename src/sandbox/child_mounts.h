// The child's part of mounting what stands in a root file system.
#pragma once

#include "os/root.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

// All of plan.mounts in order, the devices, then what is masked and what is made read-only.
Result<> mount_all(const Plan& plan, const os::Root& root);

}  // namespace sbx::sandbox
