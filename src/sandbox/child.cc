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
#include "sandbox/identity.h"
#include "sandbox/init.h"

namespace sbx::sandbox {

static constexpr int kSetupFailed = 125;  // as `env`, `timeout` and `podman run` do

// The order is the security argument; each line's reason to stand where it does is beside it.
// Returns only when something failed.
static Error become(const Plan& plan, Line& line) {
    // These need no ids, so they happen while the parent has them mapped.
    TRY(os::make_mounts_private());
    TRY(set_names(plan));
    if ((plan.namespaces & CLONE_NEWNET) != 0) TRY(raise_loopback());
    TRY(line.expect(Verb::go), "waiting for the id mappings");

    // The mounts below need the capabilities of this user namespace's root.
    const os::Groups groups = plan.identity.keep_groups ? os::Groups::kept : os::Groups::dropped;
    TRY(os::become_root(groups), "becoming root of the user namespace");
    const os::Root root = TRY(mount_root(plan.root, line), "preparing the root file system");
    TRY(mount_all(plan, root));

    // Before anything of the container runs or could be looked at: kernel settings go through a
    // procfs of sbx's own, not through what the image may have put at /proc.
    TRY(set_kernel_values(plan));
    const ResolvedIdentity identity = TRY(resolve_identity(plan.identity, root));
    const Stdio stdio = TRY(open_stdio(plan, root, identity), "opening the terminal");
    const InitProgram init = TRY(open_init(plan));

    // After the users have been looked up: /etc/passwd may be among what is masked.
    TRY(cover_all(plan, root));

    // After the last mount that names a host path; none can be reached from here on.
    TRY(finish_root(plan, root));
    TRY(os::pivot_root(root.directory()), "entering the root file system");

    TRY(line.say(Verb::ready, stdio.for_parent()));
    return become_program(plan, {.identity = identity, .stdio = stdio, .init = init}, line);
}

void child_main(const Plan& plan, Line& line) {
    line.report(become(plan, line));
    ::_exit(kSetupFailed);
}

}  // namespace sbx::sandbox
