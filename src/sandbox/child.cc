// Everything between clone and execve, in order. This file may allocate and format (the parent had
// one thread), but it may not log, exit on its own, or touch the parent's objects.
#include "sandbox/child.h"

#include <sched.h>
#include <unistd.h>

#include "os/ids.h"
#include "os/mount.h"
#include "os/process.h"
#include "os/root.h"
#include "sandbox/child_mounts.h"
#include "sandbox/child_program.h"
#include "sandbox/child_root.h"
#include "sandbox/child_system.h"
#include "sandbox/gate.h"
#include "sandbox/identity.h"
#include "sandbox/init.h"

namespace sbx::sandbox {

static constexpr int kSetupFailed = 125;  // as `env`, `timeout` and `podman run` do

namespace {

// What is left to carry on with once the host's files are out of reach.
struct Inside {
    ResolvedIdentity identity;
    Stdio stdio;
    InitProgram init;
};

}  // namespace

// The order is the security argument; each line's reason to stand where it does is beside it.
static Result<Inside> move_in(const Plan& plan, MountSources sources, Line& line) {
    // These need no ids, so they happen while the parent has them mapped.
    TRY(plan.hears_host_mounts ? os::make_mounts_slaves() : os::make_mounts_private());
    TRY(set_names(plan));
    TRY(begin_session_keyring(plan.program.keyring));
    if ((plan.namespaces & CLONE_NEWNET) != 0) TRY(raise_loopback());
    TRY(line.expect(Verb::go), "waiting for the id mappings");

    // The mounts below need the capabilities of this user namespace's root.
    const Identity& who = plan.program.identity;
    TRY(os::become_root(who.keep_groups ? os::Groups::kept : os::Groups::dropped),
        "becoming root of the user namespace");
    const os::Root root = TRY(mount_root(plan.root, line), "preparing the root file system");
    TRY(mount_all(plan, root, std::move(sources)));

    // Before anything of the container runs or could be looked at: kernel settings go through a
    // procfs of sbx's own, not through what the image may have put at /proc.
    TRY(set_kernel_values(plan));
    ResolvedIdentity identity = TRY(resolve_identity(who, root));
    Stdio stdio = TRY(open_stdio(plan.program, root, identity), "opening the terminal");
    TRY(make_console(stdio, root), "making '/dev/console'");
    InitProgram init = TRY(open_init(plan));

    // After the users have been looked up: /etc/passwd may be among what is masked.
    TRY(cover_all(plan, root));

    // After the last mount that names a host path; none can be reached from here on.
    TRY(finish_root(plan, root));
    TRY(os::pivot_root(root.directory()), "entering the root file system");
    TRY(set_root_propagation(plan));
    return Inside{
        .identity = std::move(identity), .stdio = std::move(stdio), .init = std::move(init)};
}

// Nothing of the process that made the container stays open: it may have been a lock, and whoever
// waits for it would wait until the container is started.
static Result<> let_go(const Program& program, const Line& line, const InitProgram& init,
                       os::FdView gate) {
    std::vector<os::FdView> kept = {gate, line.socket()};
    if (init.file().get() >= 0) kept.push_back(init.file());
    for (int fd = 0; fd < 3 + program.kept_descriptors; ++fd)
        kept.push_back(os::FdView::number(fd));
    return os::close_all_but(std::move(kept));
}

// From here on it is whoever starts it who is told what fails.
static Result<> wait_to_be_started(const Plan& plan, const Inside& inside, os::FdView gate,
                                   Line& line) {
    TRY(look_for_command(plan.program, inside.identity));
    TRY(let_go(plan.program, line, inside.init, gate));
    line.close();
    line = TRY(wait_at(gate));
    return {};
}

// Returns only when something failed.
static Error become(const Plan& plan, const Surroundings& surroundings, MountSources sources,
                    Line& line) {
    Inside inside = TRY(move_in(plan, std::move(sources), line));
    TRY(line.say(Verb::ready, inside.stdio.for_parent()));
    TRY(prepare_program(plan.program, inside.stdio));
    inside.stdio = {};
    if (surroundings.gate.get() >= 0)
        TRY(wait_to_be_started(plan, inside, surroundings.gate, line));
    return become_program(plan.program,
                          {.identity = inside.identity,
                           .ids = plan.ids,
                           .init = plan.init ? &inside.init : nullptr,
                           .dies_with_parent = surroundings.dies_with_parent},
                          line);
}

void child_main(const Plan& plan, const Surroundings& surroundings, MountSources sources,
                Line& line) {
    line.report(become(plan, surroundings, std::move(sources), line));
    ::_exit(kSetupFailed);
}

}  // namespace sbx::sandbox
