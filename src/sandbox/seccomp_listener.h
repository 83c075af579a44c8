// Who answers the calls that a filter holds up (SCMP_ACT_NOTIFY): the OCI runtime specification's
// seccomp agent, config-linux.md, "The Container Process State".
#pragma once

#include <string>

#include <sys/types.h>

#include "base/error.h"
#include "base/json.h"
#include "os/fd.h"
#include "sandbox/handshake.h"

namespace sbx::sandbox {

struct Observer {
    std::string path;  // a unix socket of the host, where it listens
    std::string metadata = {};
    Json state = {};  // of the container, as a runtime's `state` shows it
};

// Gives `observer` the listener of the filter of process `pid`, over a connection of its own.
Result<> send_listener(const Observer& observer, pid_t pid, os::FdView listener);

// Returns once the program at the other end of `line`, process `pid`, runs; a listener that comes
// before goes on to `observer`. Where nobody is to get one the program does not begin.
Result<> expect_program(Line& line, const Observer* observer, pid_t pid);

}  // namespace sbx::sandbox
