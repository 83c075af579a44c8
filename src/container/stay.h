// Staying with a program, beside the one that a container was made for, until it ends.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "container/relay.h"
#include "os/fd.h"
#include "os/process.h"
#include "os/signals.h"

namespace sbx::container {

// To be opened before the program is started, so that no signal ends sbx alone.
Result<os::SignalQueue> take_signals();

struct Stay {
    os::Process& program;  // a child of this process
    os::SignalQueue& signals;
    os::Fd terminal = {};          // the outer side of the program's, where it has one
    Keyboard* keyboard = nullptr;  // of what a program without one reads: TypedInput
    Relay::Input input = Relay::Input::forwarded;
    std::string detach_keys = {};  // of parse_detach_keys()
};

// As supervise() does it, with the terminal joined to this process's own. The exit status; nothing
// where the person left by the keys, and so the program was left as by leave().
Result<std::optional<int>> stay(Stay stay);

// Waits no longer: what the program writes to its terminal is read and dropped from here on, by a
// process that ends with it.
Result<> leave(os::Process& program, const os::Fd& terminal);

// Stays with it for nobody, as a process of its own that has nothing of the person's: what it
// writes to its terminal is dropped. The exit status.
Result<int> outlive(os::Process& program, const os::Fd& terminal);

}  // namespace sbx::container
