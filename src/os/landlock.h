// Confinement that a process puts on itself: landlock(7).
#pragma once

#include <vector>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

// The version of Landlock this kernel has; 0 for none, or where it is switched off.
int landlock_version();

// From here on this process and its children change nothing but what is below `writable`, and open
// nothing else that they do not have open already. Version 2 (Linux 5.19) is needed, as version 1
// cannot allow hard links; below that nothing is done, and the caller is told so.
enum class Confinement : std::uint8_t { none, in_force };
Result<Confinement> confine_to(const std::vector<FdView>& writable);

}  // namespace sbx::os
