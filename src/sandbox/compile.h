#pragma once

#include "sandbox/host.h"
#include "sandbox/plan.h"
#include "sandbox/request.h"

namespace sbx::sandbox {

// What to do, from what was asked and what is allowed. Pure: equal inputs give equal Plans.
Result<Plan> compile(const Request& request, const Host& probed);

// The program alone, for a container that runs already.
Result<Program> compile_program(const Request& request);

// Whether groups were asked for that cannot be had: one id alone was mapped, without privilege.
// user_namespaces(7), setgroups.
bool lacks_groups(const Program& program, const os::IdMap& ids);
constexpr const char* kLacksGroups =
    "the further groups are not had: one group alone exists in the container";

}  // namespace sbx::sandbox
