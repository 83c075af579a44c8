// Everything between clone and execve, in order. This file may allocate and format (the parent had
// one thread), but it may not log, exit on its own, or touch the parent's objects.
#include "sandbox/child.h"

#include <algorithm>
#include <iterator>

#include <sched.h>
#include <unistd.h>

#include "base/text.h"
#include "os/ids.h"
#include "os/mount.h"
#include "os/namespaces.h"
#include "os/process.h"
#include "os/root.h"
#include "sandbox/child_mounts.h"
#include "sandbox/child_overlay.h"
#include "sandbox/child_program.h"
#include "sandbox/child_root.h"
#include "sandbox/child_system.h"
#include "sandbox/gate.h"
#include "sandbox/hooks.h"
#include "sandbox/identity.h"
#include "sandbox/init.h"
#include "sandbox/keyring.h"

namespace sbx::sandbox {

using Stage = Surroundings::Stage;

static constexpr int kSetupFailed = 125;  // as `env`, `timeout` and `podman run` do

namespace {

// What is left to carry on with once the host's files are out of reach.
struct Inside {
    ResolvedIdentity identity;
    Stdio stdio;
    InitProgram init;
    Labels labels;
    pid_t pid = 0;       // as the runtime sees this process; 0 where no hook has to know
    os::Fd mounts = {};  // its mount namespace, where it is in the processes of others
};

}  // namespace

static bool has_early_hooks(const oci::Hooks& hooks) {
    return !hooks.prestart.empty() || !hooks.create_runtime.empty() ||
           !hooks.create_container.empty() || !hooks.start_container.empty();
}

// The parent runs the runtime's own in the meantime. Programs of the host are in reach until the
// container's root is entered; the state names this process as the runtime sees it.
static Result<pid_t> run_first_hooks(const Plan& plan, const Surroundings& surroundings,
                                     Line& line) {
    if (!surroundings.state || !has_early_hooks(plan.hooks)) return 0;
    TRY(line.say(Verb::hooks));
    const std::string words = TRY(line.expect_words(Verb::hooked), "waiting for the hooks");
    const auto pid = static_cast<pid_t>(TRY(parse_number(words, 1, INT32_MAX)));
    TRY(run_hooks(plan.hooks.create_container, {.name = "createContainer",
                                                .state = surroundings.state(pid, Stage::creating),
                                                .environment = os::environment()}));
    return pid;
}

static bool joins_processes(const Plan& plan) {
    return std::ranges::any_of(
        plan.joined, [](const JoinedNamespace& ns) { return ns.kind.flag == CLONE_NEWPID; });
}

static Result<> give_network(const Network& network, Line& line) {
    const std::vector<os::Fd> devices = TRY(network.make(), "connecting it to the network");
    return line.say(Verb::network, {devices.begin(), devices.end()});
}

// The order is the security argument; each line's reason to stand where it does is beside it.
static Result<Inside> move_in(const Plan& plan, const Surroundings& surroundings,
                              MountSources sources, Line& line) {
    if (const std::uint64_t own = own_namespaces(plan); own != 0) {
        TRY(make_own_namespaces(own));
        TRY(line.say(Verb::apart));
    }
    os::Fd mounts;
    if (joins_processes(plan)) mounts = TRY(os::own_mount_namespace());
    // These need no ids, so they happen while the parent has them mapped.
    TRY(plan.hears_host_mounts ? os::make_mounts_slaves() : os::make_mounts_private());
    TRY(set_names(plan));
    if ((plan.namespaces & CLONE_NEWNET) != 0) TRY(raise_loopback());
    if (surroundings.network) TRY(give_network(*surroundings.network, line));
    TRY(line.expect(Verb::go), "waiting for the id mappings");

    // The mounts below need the capabilities of this user namespace's root.
    const Identity& who = plan.program.identity;
    TRY(os::become_root(who.keep_groups ? os::Groups::kept : os::Groups::dropped),
        "becoming root of the user namespace");
    TRY(begin_session_keyring(plan.program.keyring));
    TRY(make_late_namespaces(plan));
    const os::Root root = TRY(mount_root(plan.root, line), "preparing the root file system");
    TRY(prepare_overlays(plan, Occasion::life));
    TRY(mount_all(plan, root, std::move(sources)));

    ResolvedIdentity identity = TRY(resolve_identity(who, root));
    Stdio stdio = TRY(open_stdio(plan.program, root, identity), "opening the terminal");
    TRY(make_console(stdio, root), "making '/dev/console'");
    InitProgram init = TRY(open_init(plan));
    Labels labels = TRY(Labels::open(plan.program));

    const pid_t pid = TRY(run_first_hooks(plan, surroundings, line));

    // After the hooks, which may bring network devices and mount.
    TRY(set_sysctls(plan, root));
    // After the users have been looked up: /etc/passwd may be among what is masked.
    TRY(cover_all(plan, root));
    TRY(make_working_directory(plan.program.cwd, root));

    // After the last mount that names a host path; none can be reached from here on.
    TRY(finish_root(plan, root));
    TRY(os::pivot_root(root.directory()), "entering the root file system");
    TRY(set_root_propagation(plan));
    return Inside{.identity = std::move(identity),
                  .stdio = std::move(stdio),
                  .init = std::move(init),
                  .labels = std::move(labels),
                  .pid = pid,
                  .mounts = std::move(mounts)};
}

// The image names its program, also as "/proc/self/fd/3/..": no folder of the host's may be open
// when that is looked for (CVE-2024-21626).
static Result<> let_go_of_the_host(const Plan& plan, const Inside& inside, os::FdView gate,
                                   const Line& line) {
    std::vector<os::FdView> kept = {line.socket()};
    if (gate.get() >= 0) kept.push_back(gate);
    if (plan.init) kept.push_back(inside.init.file());
    std::ranges::copy(inside.labels.fds(), std::back_inserter(kept));
    return let_go(plan.program, std::move(kept));
}

// From here on it is whoever starts it who is told what fails.
static Result<> wait_to_be_started(const Plan& plan, const Inside& inside, os::FdView gate,
                                   Line& line) {
    TRY(look_for_command(plan.program, inside.identity));
    line.close();
    line = TRY(wait_at(gate));
    return {};
}

static Result<> say_ready(Inside& inside, Line& line) {
    std::vector<os::FdView> fds = inside.stdio.for_parent();
    if (inside.mounts) fds.emplace_back(inside.mounts);
    TRY(line.say(Verb::ready, fds, inside.mounts ? kWithMounts : ""));
    inside.mounts.reset();
    return {};
}

// Returns only when something failed.
static Error become(const Plan& plan, const Surroundings& surroundings, MountSources sources,
                    Line& line) {
    Inside inside = TRY(move_in(plan, surroundings, std::move(sources), line));
    TRY(say_ready(inside, line));
    TRY(prepare_program(plan.program, inside.stdio));
    inside.stdio = {};
    TRY(let_go_of_the_host(plan, inside, surroundings.gate, line));
    if (surroundings.gate.get() >= 0)
        TRY(wait_to_be_started(plan, inside, surroundings.gate, line));
    const bool hooked = inside.pid != 0;
    return become_program(plan.program,
                          {.identity = inside.identity,
                           .ids = plan.ids,
                           .labels = inside.labels,
                           .hooks = hooked ? &plan.hooks.start_container : nullptr,
                           .state = hooked ? surroundings.state(inside.pid, Stage::created) : "",
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
