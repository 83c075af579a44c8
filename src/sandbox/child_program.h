// The child's last part: its terminal, its privileges, and the program it becomes.
#pragma once

#include <vector>

#include "os/root.h"
#include "sandbox/handshake.h"
#include "sandbox/hooks.h"
#include "sandbox/identity.h"
#include "sandbox/init.h"
#include "sandbox/labels.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

// Standard input, output and errors of the program: the descriptors that sbx has itself, or a new
// terminal in the container whose other side goes to the parent.
struct Stdio {
    os::Fd master = {};
    os::Fd slave = {};

    std::vector<os::FdView> for_parent() const;
};

// `root` has the devpts that a terminal is made in.
Result<Stdio> open_stdio(const Program& program, const os::Root& root,
                         const ResolvedIdentity& identity);
Result<> make_console(const Stdio& stdio, const os::Root& root);  // where there is a terminal

// Where the image does not have it, while its root can still be written: one that is read-only, or
// a file system that keeps root out, is no failure.
Result<> make_working_directory(const os::InnerPath& cwd, const os::Root& root);

// Closes all that is open but what the program is given and `more`: a descriptor of the host's is a
// way out, and may be a lock besides.
Result<> let_go(const Program& program, std::vector<os::FdView> more);

// Its session, working directory, umask and limits: what comes before privileges are dropped.
Result<> prepare_program(const Program& program, const Stdio& stdio);

// Whether there is such a command, as far as can be told before it may be run.
Result<> look_for_command(const Program& program, const ResolvedIdentity& identity);

// What was found and opened before the host's files went out of reach.
struct Ready {
    const ResolvedIdentity& identity;
    const os::IdMap& ids;
    const Labels& labels;                           // to take; may be none
    const std::vector<oci::Hook>* hooks = nullptr;  // of startContainer, with the `state` they read
    std::string state = {};
    const InitProgram* init = nullptr;  // becomes process 1 instead
    bool dies_with_parent = false;
};

// Drops what the program may not have and becomes it. Returns only when that failed.
Error become_program(const Program& program, const Ready& ready, Line& line);

}  // namespace sbx::sandbox
