// A container run in the foreground: what `run` and `start --attach` come to.
#pragma once

#include <functional>

#include "container/life.h"

namespace sbx::container {

// Starts it and stays with it: with a terminal under a monitor, so that the person can leave;
// without one as its own supervisor, so that nothing stands between the program and its output.
// `meanwhile` as for Life::start(). Returns the program's exit code, or 0 where the person left.
Result<int> run_in_foreground(Life& life, const sandbox::Plan& plan,
                              const std::function<Result<>()>& meanwhile);

}  // namespace sbx::container
