// Waiting for a container that sbx itself runs in the foreground, without a terminal of its own.
#pragma once

#include <chrono>
#include <optional>

#include "base/error.h"
#include "os/signals.h"
#include "sandbox/launch.h"

namespace sbx::container {

// Signals that a person or a service manager sends to sbx and means for the program.
std::span<const int> forwarded_signals();

struct Supervision {
    sandbox::Running& running;
    os::SignalQueue& signals;
    std::optional<std::chrono::steady_clock::time_point> deadline = {};
};

// Until the program ends; its status. Signals are passed on; the third SIGINT or SIGTERM, and the
// deadline, kill it.
Result<os::ExitStatus> supervise(Supervision supervision);

// Waits for process 1 and, where the container had no process namespace to end with it, kills what
// is left of its children.
Result<os::ExitStatus> reap(sandbox::Running& running);

// Children of children come to this process when their parents end, so that reap() finds them.
Result<> adopt_orphans();

}  // namespace sbx::container
