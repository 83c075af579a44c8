// Starting a container, and staying with it or not: what `run` and `start` come to.
#pragma once

#include <functional>

#include "container/life.h"
#include "container/session.h"

namespace sbx::container {

// `meanwhile` as for Life::start().

// Starts it and stays with it. One that goes with its end, and has neither terminal nor health
// check, is this process's own where all of it is attended: nothing stands between the program and
// its output. Any other has a monitor, so that its output is kept, its health is checked, and it
// can be left and taken up again. Its exit code, or 0 where the person left.
Result<int> run_in_foreground(Life& life, const sandbox::Plan& plan, Attendance how,
                              const std::function<Result<>()>& meanwhile);

// Starts it under a monitor, and leaves it there. On return it runs.
Result<> run_in_background(Life& life, const sandbox::Plan& plan,
                           const std::function<Result<>()>& meanwhile);

}  // namespace sbx::container
