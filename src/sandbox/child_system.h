// The child's part of setting what belongs to its namespaces rather than to its files.
#pragma once

#include "base/error.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

Result<> set_names(const Plan& plan);          // host and domain name, the session keyring
Result<> raise_loopback();                     // of the current network namespace
Result<> set_kernel_values(const Plan& plan);  // sysctls and the OOM score
Result<> set_limits(const Plan& plan);

}  // namespace sbx::sandbox
