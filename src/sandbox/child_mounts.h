// The child's part of mounting what stands in a root file system.
#pragma once

#include "os/root.h"
#include "sandbox/mount_sources.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

// All of plan.mounts in order, then the devices. `sources` are those of the same plan.
Result<> mount_all(const Plan& plan, const os::Root& root, MountSources sources);

// Kind::denied where a link of the image has led the path `to` into /proc: nothing may be mounted
// over what the kernel says (CVE-2019-19921). What may is named by its own path.
Result<> check_target(const os::Fd& where, const os::InnerPath& to);

// What is masked and what is made read-only, for the program: sbx itself has no more to read there.
Result<> cover_all(const Plan& plan, const os::Root& root);

}  // namespace sbx::sandbox
