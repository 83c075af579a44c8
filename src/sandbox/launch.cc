#include "sandbox/launch.h"

#include <sched.h>
#include <unistd.h>

#include "os/caps.h"
#include "sandbox/child.h"

namespace sbx::sandbox {

Result<Launch> Launch::begin(const Plan& plan) {
    Ends ends = TRY(Line::open());
    os::Process child = TRY(os::spawn(plan.namespaces, [&] {
        ends.parent.close();
        child_main(plan, ends.child);
    }));
    ends.child.close();  // the child's copy must be the last one, for its execve to close the line
    os::Mapping mapping =
        TRY(os::start_mapping(child.pid(), plan.ids), "mapping user and group ids");
    return Launch(plan, std::move(child), std::move(ends.parent), std::move(mapping));
}

// fuse-overlayfs works in the container's user namespace, where the ids mean what they mean in the
// layers, and outside its process and mount namespaces, where the container cannot reach it.
static Result<os::Process> serve(const FuseRoot& root, const os::Process& child,
                                 const os::Fd& fuse) {
    return os::spawn(0, [&] {
        if (::setns(child.pidfd().get(), CLONE_NEWUSER) != 0) ::_exit(125);
        if (!os::become_root() || !os::enter_directory(root.directory)) ::_exit(125);
        if (!os::keep_across_exec(fuse)) ::_exit(125);
        (void)os::execute(
            root.program,
            {"fuse-overlayfs", "-f", "-o", root.options, fmt::format("/dev/fd/{}", fuse.get())},
            {"PATH=/usr/bin:/bin", "LANG=C"});
        ::_exit(125);  // the container then finds its root gone, and says so
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
    TRY(line_.expect_closed());
    return Running{.init = std::move(child_),
                   .terminal = heard.fds.empty() ? os::Fd() : std::move(heard.fds.front()),
                   .server = std::move(server)};
}

}  // namespace sbx::sandbox
