// The processes of a container, and signals for them.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include <sys/types.h>

#include "base/error.h"
#include "os/fd.h"
#include "runtime/state.h"
#include "sandbox/cgroup.h"

namespace sbx::runtime {

// A descriptor of the container's first process: never of another one that has got its number.
// Kind::not_found once it has ended.
Result<os::Fd> open_first(const State& state);

// Its cgroup; nothing where it has none, or where that went with the last process of its scope.
Result<std::optional<sandbox::Cgroup>> cgroup_of(const State& state);
Result<sandbox::Cgroup> required_cgroup(const State& state);  // Kind::unsupported without one

// All of them, the first one included, in the order of their numbers: the processes of its cgroup;
// without one, those of its process namespace or, where that is shared, the first one and its
// descendants.
Result<std::vector<pid_t>> processes_of(const State& state);

// To the first process. Where it has ended, that is a failure in runc's words, too.
Result<> signal_first(const State& state, int number);

// To all of them, the first one last. That there are none is no failure.
Result<> signal_all(const State& state, int number);

// Kills all of them, also those that the first one left behind in the cgroup, and waits for the end
// of the first.
Result<> end_all(const State& state, std::chrono::milliseconds patience);

// After that, and after waiting a little for those that are ending.
Result<> remove_cgroup(const State& state);

}  // namespace sbx::runtime
