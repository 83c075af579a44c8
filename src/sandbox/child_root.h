// The child's part of making a root file system.
#pragma once

#include "os/root.h"
#include "sandbox/handshake.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

// Mounts `root` where only this mount namespace sees it, and opens it.
Result<os::Root> mount_root(const Root& root, Line& line);

// Makes it read-only where the Plan says so; after the last mount target was made in it.
Result<> finish_root(const Plan& plan, const os::Root& root);

// How mounts spread from and to the root, once it has been entered: before, the kernel would not
// let it be.
Result<> set_root_propagation(const Plan& plan);

}  // namespace sbx::sandbox
