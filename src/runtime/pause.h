// Having a container stand still, and go on.
#pragma once

#include <string>

#include "base/error.h"
#include "runtime/states.h"

namespace sbx::runtime {

// Returns once none of its processes runs. Kind::unsupported where it has no cgroup, whose work
// this is; Kind::busy where it has stopped, or is paused already.
Result<> pause(const States& states, const std::string& id);

// Kind::busy where it is not paused.
Result<> resume(const States& states, const std::string& id);

}  // namespace sbx::runtime
