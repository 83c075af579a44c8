// The hooks of a bundle that run outside of the sandbox's launch, and the state that all of them
// read: runtime-spec, runtime.md, Lifecycle.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "oci/spec.h"
#include "runtime/states.h"
#include "sandbox/surroundings.h"

namespace sbx::runtime {

using Warnings = std::vector<std::string>;

// Sandbox::Surroundings::state of the container that `state` is the record of.
std::function<std::string(pid_t, sandbox::Surroundings::Stage)> state_for_hooks(State state);

// The document that the container was made of, as it was then.
Result<oci::Spec> spec_made_of(const StateFolder& folder, const State& state);

// After the program was started. The first that fails is a failure: its container is to end.
Result<> run_poststart(const oci::Hooks& hooks, const State& state);

// After all of the container is gone. Each runs, whatever has become of those before it; those that
// fail are told of.
Warnings run_poststop(const oci::Hooks& hooks, const State& state);

}  // namespace sbx::runtime
