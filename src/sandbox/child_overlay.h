// The child's part of laying a folder of its own over one of the host's.
#pragma once

#include "base/error.h"
#include "os/fd.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

// Mounts it on the folder of `where`. Its upper folder and its work folder are made here, empty,
// where they do not last. Kind::unsupported where the kernel takes the source for no lower folder.
Result<> mount_overlay_on(const os::Fd& where, const Overlay& overlay);

}  // namespace sbx::sandbox
