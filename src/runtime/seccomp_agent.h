// The program that answers the system calls of a container: runtime-spec, config-linux.md,
// "The Container Process State".
#pragma once

#include "base/json.h"
#include "oci/seccomp.h"
#include "runtime/state.h"
#include "sandbox/seccomp_listener.h"

namespace sbx::runtime {

// What the agent reads, with the listener beside it as "seccompFd".
Json container_process_state(const Json& state, pid_t process, const std::string& metadata);

// Sends to the agent of the document; empty where that names none. `state` is the container's;
// where it has no process yet that is the one with the listener.
sandbox::Observer agent_of(const std::optional<oci::Seccomp>& seccomp, State state, Status status);

}  // namespace sbx::runtime
