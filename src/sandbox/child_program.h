// The child's last part: its terminal, its privileges, and the program it becomes.
#pragma once

#include <vector>

#include "os/root.h"
#include "sandbox/handshake.h"
#include "sandbox/identity.h"
#include "sandbox/init.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

// Standard input, output and errors of the program: the descriptors that sbx has itself, or a new
// terminal in the container whose other side goes to the parent.
struct Stdio {
    os::Fd master = {};
    os::Fd slave = {};

    std::vector<os::FdView> for_parent() const;
};

Result<Stdio> open_stdio(const Plan& plan, const os::Root& root, const ResolvedIdentity& identity);

// What was found and opened before the host's files went out of reach.
struct Ready {
    const ResolvedIdentity& identity;
    const Stdio& stdio;
    const InitProgram& init;
};

// Drops what the program may not have and becomes it. Returns only when that failed.
Error become_program(const Plan& plan, const Ready& ready, const Line& line);

}  // namespace sbx::sandbox
