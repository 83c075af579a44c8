// The child's part of setting what belongs to its namespaces rather than to its files.
#pragma once

#include <string>

#include "base/error.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

Result<> set_names(const Plan& plan);            // host and domain name
Result<> raise_loopback();                       // of the current network namespace
Result<> set_kernel_values(const Plan& plan);    // sysctls and the OOM score
Result<> set_oom_score(const Program& program);  // the same without sysctls, outside a container
Result<> set_limits(const Program& program);

// The one of that name where this process may, or else a new one: not that of the person, whose
// keys are in it. keyctl(2).
Result<> begin_session_keyring(const std::string& name);

}  // namespace sbx::sandbox
