// The child's part of setting what belongs to its namespaces rather than to its files.
#pragma once

#include <cstdint>
#include <string>

#include <sched.h>

#include "base/error.h"
#include "os/root.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

Result<> set_names(const Plan& plan);  // host and domain name
Result<> raise_loopback();             // of the current network namespace
Result<> set_sysctls(const Plan& plan, const os::Root& root);
Result<> set_limits(const Program& program);
Result<> set_scheduling(const Program& program);

// For a process that is on its way into a user namespace, where there is no right to these: by the
// number that it has in the caller's /proc, or "self". Hard limits as far as the caller may;
// set_limits() says what could not be had.
Result<> set_oom_score(const Program& program, const std::string& process);
void raise_hard_limits(const Program& program, pid_t process);  // 0: the caller

// Namespaces that the first process makes for itself, in its own new user namespace, while its ids
// are being mapped: what takes the kernel longest is not waited for. None without a user namespace.
constexpr std::uint64_t kOwnNamespaces = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET;
std::uint64_t own_namespaces(const Plan& plan);
Result<> make_own_namespaces(std::uint64_t kinds);

// Those that a process makes for itself, once it is where it belongs: the root of a cgroup
// namespace is the cgroup of whoever makes it, and the clocks of a time namespace are set before
// anybody is in it.
Result<> make_late_namespaces(const Plan& plan);
constexpr std::uint64_t kLateNamespaces = CLONE_NEWCGROUP | CLONE_NEWTIME;

// From here to execve nobody who has less rights than this process may look at its memory or at
// what it has open, its binary included: prctl(2), PR_SET_DUMPABLE.
Result<> hide_from_tracers();

}  // namespace sbx::sandbox
