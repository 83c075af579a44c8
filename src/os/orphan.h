// Processes that nobody waits for.
#pragma once

#include <functional>

#include <sys/types.h>

#include "base/error.h"

namespace sbx::os {

// Runs `child` in a process that is init's from its beginning: it neither ends with this process
// nor is it among its children, also where orphans come to this one (PR_SET_CHILD_SUBREAPER). Its
// number; by the time it is known it may have ended. As spawn() otherwise.
Result<pid_t> spawn_orphan(const std::function<void()>& child);

}  // namespace sbx::os
