#pragma once

#include "sandbox/host.h"
#include "sandbox/plan.h"
#include "sandbox/request.h"

namespace sbx::sandbox {

// What to do, from what was asked and what is allowed. Pure: equal inputs give equal Plans.
Result<Plan> compile(const Request& request, const Host& probed);

// The program alone, for a container that runs already.
Result<Program> compile_program(const Request& request);

}  // namespace sbx::sandbox
