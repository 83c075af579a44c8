// The child's part of setting what belongs to its namespaces rather than to its files.
#pragma once

#include <cstdint>
#include <string>

#include <sched.h>

#include "base/error.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

Result<> set_names(const Plan& plan);  // host and domain name
Result<> raise_loopback();             // of the current network namespace
Result<> set_sysctls(const Plan& plan);
Result<> set_limits(const Program& program);
Result<> set_scheduling(const Program& program);

// For a process that is on its way into a user namespace, where there is no right to these: by the
// number that it has in the caller's /proc, or "self". Hard limits as far as the caller may;
// set_limits() says what could not be had.
Result<> set_oom_score(const Program& program, const std::string& process);
void raise_hard_limits(const Program& program, pid_t process);  // 0: the caller

// Those that a process makes for itself, once it is where it belongs: the root of a cgroup
// namespace is the cgroup of whoever makes it, and the clocks of a time namespace are set before
// anybody is in it.
Result<> make_late_namespaces(const Plan& plan);
constexpr std::uint64_t kLateNamespaces = CLONE_NEWCGROUP | CLONE_NEWTIME;

// From here to execve nobody who has less rights than this process may look at its memory or at
// what it has open, its binary included: prctl(2), PR_SET_DUMPABLE.
Result<> hide_from_tracers();

}  // namespace sbx::sandbox
