// Who answers the calls that a filter holds up, SCMP_ACT_NOTIFY: seccomp_unotify(2).
#pragma once

#include <functional>

#include <sys/types.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::sandbox {

class Line;

// Gives the listener of the filter of `process`, a number as the caller sees it, to somebody who
// will answer. Empty: there is nobody.
using Observer = std::function<Result<>(pid_t process, os::FdView listener)>;

// Returns once the program at the other end of `line` runs. Every listener that comes before goes
// on to `observer`; where it does not, the program does not begin.
Result<> expect_program(Line& line, const Observer& observer, pid_t process);

// The child's side: no call is held up before somebody is there to answer it.
Result<> hand_over_listener(Line& line, const os::Fd& listener);

}  // namespace sbx::sandbox
