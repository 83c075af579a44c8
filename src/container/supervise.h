// Staying with a program that sbx itself runs in the foreground.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "base/error.h"
#include "container/relay.h"
#include "os/process.h"
#include "os/signals.h"
#include "sandbox/launch.h"

namespace sbx::container {

// Signals that a person or a service manager sends to sbx and means for the program.
std::span<const int> forwarded_signals();

// What a container in the process namespace of the caller leaves behind. With one of its own, all
// ends with process 1; in one of another container it is known by its mounts: sandbox::Running.
class Orphans {
public:
    // From here on children of children come to this process when their parents end.
    static Result<std::optional<Orphans>> adopt(const sandbox::Plan& plan);

    // All but those this process had before, which are somebody else's (a shell that has become
    // sbx may have left it some), and the one that is spared.
    void kill(pid_t spared) const;

private:
    explicit Orphans(std::vector<pid_t> before) : before_(std::move(before)) {}

    std::vector<pid_t> before_;
};

struct Supervision {
    os::Process& program;
    os::SignalQueue& signals;
    Relay* relay = nullptr;        // of the program's terminal, where it has one
    Keyboard* keyboard = nullptr;  // of what a program without one reads: TypedInput
    std::optional<std::chrono::steady_clock::time_point> deadline = {};
};

enum class Supervised : std::uint8_t { ended, left };

// Until the program has ended, and can be waited for, or the person has left it by the keys, which
// takes a relay. Signals are passed on; the third SIGINT or SIGTERM, and the deadline, kill it.
// SIGTSTP stops this process, too, as whoever has it as a job expects.
Result<Supervised> supervise(Supervision supervision);

// Waits for process 1, and ends what it left behind.
Result<os::ExitStatus> reap(sandbox::Running& running, const std::optional<Orphans>& orphans);

}  // namespace sbx::container
