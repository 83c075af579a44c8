#include "sandbox/launch.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "os/signals.h"
#include "sandbox/child.h"
#include "sandbox/mount_sources.h"
#include "sandbox/seccomp_listener.h"

namespace sbx::sandbox {

Result<Launch> Launch::begin(const Plan& plan, const Surroundings& surroundings) {
    MountSources sources = TRY(MountSources::open(plan));
    Ends ends = TRY(Line::open());
    const os::Spawn where{.namespaces = plan.namespaces, .cgroup = surroundings.cgroup};
    os::Process child = TRY(os::spawn(where, [&] {
        ends.parent.close();
        child_main(plan, surroundings, std::move(sources), ends.child);
    }));
    ends.child.close();  // the child's copy must be the last one, for its execve to close the line
    os::Mapping mapping =
        TRY(os::start_mapping(child.pid(), plan.ids), "mapping user and group ids");
    Launch launch(plan, std::move(child), std::move(ends.parent), std::move(mapping));
    launch.observer_ = surroundings.observer;
    return launch;
}

// A session of its own, so that no key of the person's terminal ends it before the container; and
// nothing of the person's, whose output it would otherwise write to and keep open.
static Result<> stand_apart() {
    if (::setsid() < 0) return Error::from_errno(errno, "begin a session");
    os::reset_signals();
    const os::Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null) return Error::from_errno(errno, "open '/dev/null'");
    for (int fd = 0; fd <= 2; ++fd)
        TRY(os::place_at(null, fd));
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

Result<Running> Launch::finish() && {
    TRY(std::move(mapping_).finish(), "mapping user and group ids");
    TRY(line_.say(Verb::go));
    Line::Heard heard = TRY(line_.hear());
    std::optional<os::Process> server;
    if (heard.verb == Verb::serve && heard.fds.size() == 1) {
        if (const auto* root = std::get_if<FuseRoot>(&plan_->root))
            server.emplace(TRY(serve(*root, child_, heard.fds.front()), "starting fuse-overlayfs"));
        heard.fds.clear();  // the server's copy must be the last one, for its end to be noticed
        TRY(line_.say(Verb::serving));
        heard = TRY(line_.hear());
    }
    if (heard.verb != Verb::ready)
        return Error(Error::Kind::failed, "the container's first process is out of step");
    TRY(expect_program(line_, observer_, child_.pid()));
    return Running{.init = std::move(child_),
                   .terminal = heard.fds.empty() ? os::Fd() : std::move(heard.fds.front()),
                   .server = std::move(server)};
}

}  // namespace sbx::sandbox
