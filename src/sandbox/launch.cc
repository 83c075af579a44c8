#include "sandbox/launch.h"

#include <algorithm>
#include <iterator>

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "os/beyond.h"
#include "os/file.h"
#include "os/inherited.h"
#include "os/signals.h"
#include "os/tree.h"
#include "sandbox/child.h"
#include "sandbox/child_overlay.h"
#include "sandbox/child_program.h"
#include "sandbox/child_system.h"
#include "sandbox/hooks.h"
#include "sandbox/join.h"
#include "sandbox/mount_sources.h"

namespace sbx::sandbox {

// In the process between. Others may be in what is joined already, and must not see what is open
// here: not even those whose user namespace the new one is below, and who own it. Where others map
// the ids, /proc/PID has to stay the caller's; but what can be joined then is below the caller.
static Result<> join(const Plan& plan, const Joined& joined, std::vector<os::FdView> kept) {
    std::ranges::copy(joined.fds(), std::back_inserter(kept));
    TRY(let_go(plan.program, std::move(kept)));
    TRY(set_oom_score(plan.program, "self"));
    raise_hard_limits(plan.program, 0);
    const bool maps = (plan.namespaces & CLONE_NEWUSER) != 0;
    if (!maps || plan.ids.writer == os::IdMap::Writer::privileged) TRY(hide_from_tracers());
    return joined.enter();
}

[[noreturn]] static void begin_directly(const Plan& plan, const Surroundings& surroundings,
                                        MountSources& sources, Ends& ends) {
    ends.parent.close();
    child_main(plan, surroundings, std::move(sources), ends.child);
}

// By the caller: its user namespace takes the right to these from the child.
static Result<> set_from_outside(const Plan& plan, pid_t child) {
    raise_hard_limits(plan.program, child);
    return set_oom_score(plan.program, fmt::format("{}", child));
}

static Result<os::Process> spawn_first(const Plan& plan, const Surroundings& surroundings,
                                       MountSources& sources, Ends& ends) {
    const std::uint64_t namespaces = plan.namespaces & ~kLateNamespaces & ~own_namespaces(plan);
    const Joined joined = TRY(Joined::open(plan));
    if (joined.empty()) {
        os::Process child =
            TRY(os::spawn({.namespaces = namespaces, .cgroup = surroundings.cgroup},
                          [&] { begin_directly(plan, surroundings, sources, ends); }));
        TRY(set_from_outside(plan, child.pid()));
        return child;
    }
    const auto enter = [&](os::FdView between) -> Result<> {
        ends.parent.close();
        std::vector<os::FdView> kept = {between, ends.child.socket()};
        if (surroundings.gate.get() >= 0) kept.push_back(surroundings.gate);
        std::ranges::copy(sources.fds(), std::back_inserter(kept));
        return join(plan, joined, std::move(kept));
    };
    return os::spawn_beyond(
        {.enter = enter,
         .child = [&] { child_main(plan, surroundings, std::move(sources), ends.child); },
         .namespaces = namespaces,
         .cgroup = surroundings.cgroup});
}

static Result<os::Mapping> map_ids(const Plan& plan, const os::Process& child) {
    if ((plan.namespaces & CLONE_NEWUSER) == 0) return os::Mapping();
    return os::start_mapping(child.pid(), plan.ids);
}

Result<Launch> Launch::begin(const Plan& plan, const Surroundings& surroundings) {
    TRY(make_overlay_folders(plan));
    MountSources sources = TRY(MountSources::open(plan));
    Ends ends = TRY(Line::open());
    os::Process child = TRY(spawn_first(plan, surroundings, sources, ends));
    ends.child.close();  // the child's copy must be the last one, for its execve to close the line
    os::Mapping mapping = TRY(map_ids(plan, child), "mapping user and group ids");
    // From here on whoever looks at the child finds it in namespaces of its own.
    if (own_namespaces(plan) != 0) TRY(ends.parent.expect(Verb::apart));
    return Launch(
        plan, surroundings,
        {.child = std::move(child), .line = std::move(ends.parent), .mapping = std::move(mapping)});
}

// A session of its own, so that no key of the person's terminal ends it before the container; and
// nothing of the person's, whose output it would otherwise write to and keep open.
static Result<> stand_apart() {
    if (::setsid() < 0) return Error::from_errno(errno, "begin a session");
    os::reset_signals();
    TRY(os::give_null({0, 1, 2}));
    return os::close_on_exec_from(3);
}

// Returns only when something failed.
static Error become_server(const FuseRoot& root, const os::Process& child, const os::Fd& fuse) {
    if (::setns(child.pidfd().get(), CLONE_NEWUSER) != 0)
        return Error::from_errno(errno, "enter the user namespace");
    TRY(os::become_root());
    TRY(os::enter_directory(root.directory));
    TRY(stand_apart());
    TRY(os::keep_across_exec(fuse));
    return os::execute(
        root.program,
        {"fuse-overlayfs", "-f", "-o", root.options, fmt::format("/dev/fd/{}", fuse.get())},
        {"PATH=/usr/bin:/bin", "LANG=C"});
}

// fuse-overlayfs works in the container's user namespace, where the ids mean what they mean in the
// layers, and outside its process and mount namespaces, where the container cannot reach it.
static Result<os::Process> serve(const FuseRoot& root, const os::Process& child,
                                 const os::Fd& fuse) {
    return os::spawn(0, [&] {
        (void)become_server(root, child, fuse);  // the container finds its root gone, and says so
        ::_exit(125);
    });
}

Result<> Launch::run_hooks() {
    const oci::Hooks& hooks = plan_->hooks;
    const std::string state = surroundings_.state(child_.pid(), Surroundings::Stage::creating);
    const std::vector<std::string> environment = os::environment();
    TRY(sandbox::run_hooks(hooks.prestart, {"prestart", state, environment}));
    TRY(sandbox::run_hooks(hooks.create_runtime, {"createRuntime", state, environment}));
    return line_.say(Verb::hooked, {}, fmt::format("{}", child_.pid()));
}

Result<os::Process> Launch::serve_root(const os::Fd& fuse) {
    const auto* root = std::get_if<FuseRoot>(&plan_->root);
    if (!root) return Error(Error::Kind::failed, "the container's first process is out of step");
    return serve(*root, child_, fuse);
}

// Its process starts while the ids are being mapped. The first process waits for `go`: the program
// finds a network that is there.
Result<> Launch::serve_network() {
    std::vector<os::Fd> devices = TRY(line_.expect(Verb::network));
    if (devices.empty())
        return Error(Error::Kind::failed, "the container's first process is out of step");
    return surroundings_.network->serve(std::move(devices));
}

// The kernel marks what it may not mount again after a crash: overlayfs.rst, "Volatile mount". One
// that does not last is never mounted again, and whoever removes it would have to wait for this.
static void remove_mark(const Root& root) {
    const auto* overlay = std::get_if<OverlayRoot>(&root);
    if (!overlay || overlay->work.empty()) return;
    const std::string path = fmt::format("{}/{}", overlay->directory, overlay->work);
    const Result<os::Fd> folder = os::open_directory(os::FdView::cwd(), path);
    // The kernel made it for itself alone. What fails here goes with all the rest.
    if (!folder || ::fchmodat(folder->get(), "work", 0700, AT_SYMLINK_NOFOLLOW) != 0) return;
    if (const Result<os::Fd> inner = os::open_directory(*folder, "work"))
        (void)os::remove_tree(*inner, "incompat");
}

Result<Running> Launch::finish() && {
    if (surroundings_.network) TRY(serve_network());
    TRY(std::move(mapping_).finish(), "mapping user and group ids");
    if (surroundings_.network) TRY(surroundings_.network->await());
    TRY(line_.say(Verb::go));
    std::optional<os::Process> server;
    Line::Heard heard = TRY(line_.hear());
    if (heard.verb == Verb::serve && heard.fds.size() == 1) {
        server.emplace(TRY(serve_root(heard.fds.front()), "starting fuse-overlayfs"));
        heard.fds.clear();  // the server's copy must be the last one, for its end to be noticed
        TRY(line_.say(Verb::serving));
        heard = TRY(line_.hear());
    }
    if (heard.verb == Verb::hooks) {
        TRY(run_hooks());
        heard = TRY(line_.hear());
    }
    if (heard.verb != Verb::ready)
        return Error(Error::Kind::failed, "the container's first process is out of step");
    remove_mark(plan_->root);  // there is time for it while the program starts
    TRY(expect_program(line_, surroundings_.observer, child_.pid()));
    Running running{.init = std::move(child_), .server = std::move(server)};
    if (heard.words == kWithMounts && !heard.fds.empty()) {
        running.mounts = std::move(heard.fds.back());
        heard.fds.pop_back();
    }
    if (!heard.fds.empty()) running.terminal = std::move(heard.fds.front());
    return running;
}

}  // namespace sbx::sandbox
