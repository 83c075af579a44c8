#include "sandbox/mount_sources.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "os/file.h"
#include "os/ids.h"
#include "os/mount.h"
#include "os/namespaces.h"
#include "os/process.h"
#include "os/root.h"
#include "os/socket.h"
#include "sandbox/child_system.h"

namespace sbx::sandbox {

static bool is_mapped(const Bind& bind) { return !bind.mapped.uids.empty(); }

bool opens_before(const Bind& bind) {
    return bind.inside != 0 || is_mapped(bind) || bind.shared_with_host;
}

Result<os::Fd> clone_from_host(const Bind& bind) {
    if (bind.source_link != SourceLink::itself)
        return os::clone_mount(os::FdView::cwd(), bind.from, bind.depth);
    const os::Fd place(::open(bind.from.c_str(), O_PATH | O_CLOEXEC | O_NOFOLLOW));
    if (!place) return Error::from_errno(errno, "open '{}'", bind.from);
    return os::clone_mount(os::FdView(place), bind.depth);
}

// A user namespace for its map alone: the process that it began with is killed on return.
static Result<os::Fd> user_namespace_with(const os::IdMap& ids) {
    const os::Process holder = TRY(os::spawn_mapped(ids, 0, [] {
        ::pause();
        ::_exit(0);
    }));
    const std::string path = fmt::format("/proc/{}/ns/user", holder.pid());
    os::Fd ns(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!ns) return Error::from_errno(errno, "open '{}'", path);
    return ns;
}

// In namespaces of whose processes nobody may look at this one.
static Result<os::Fd> clone_inside(const Bind& bind, os::FdView pidfd, os::FdView answer) {
    TRY(os::close_all_but({pidfd, answer}));
    TRY(hide_from_tracers());
    TRY(os::join_namespaces(pidfd, CLONE_NEWUSER | CLONE_NEWNS), "joining process {}", bind.inside);
    TRY(os::enter_directory("/"));
    const os::Root root = TRY(os::Root::open("/"));
    const os::InnerPath path = TRY(os::InnerPath::parse(bind.from));
    const os::Fd place = TRY(root.open(path, O_PATH | O_DIRECTORY));
    struct statfs status{};
    if (::fstatfs(place.get(), &status) != 0 || status.f_type != TMPFS_MAGIC)
        return Error(Error::Kind::unsupported, "'{}' is no tmpfs there", bind.from);
    return os::clone_mount(os::FdView(place), os::Depth::this_one);
}

// By a process that enters the other's namespaces, as a mount can be taken from there alone.
static Result<os::Fd> open_inside(const Bind& bind) {
    const os::Fd pidfd = TRY(os::open_process(bind.inside));
    os::SocketPair ends = TRY(os::open_socket_pair());
    os::Process visitor = TRY(os::spawn(0, [&] {
        const Result<os::Fd> mount = clone_inside(bind, pidfd, ends.other);
        const std::string words = mount ? std::string() : mount.error().pack();
        const Result<> sent = mount ? os::send_message(ends.other, "mount", {*mount})
                                    : os::send_message(ends.other, words);
        ::_exit(sent ? 0 : 1);
    }));
    ends.other.reset();
    std::optional<os::Message> message = TRY(os::receive_message(ends.one));
    TRY(visitor.wait());
    if (!message) return Error(Error::Kind::failed, "the process that opens it was killed");
    if (message->fds.size() != 1) return Error::unpack(message->bytes);
    return std::move(message->fds.front());
}

static Result<os::Fd> open_source(const Bind& bind) {
    if (bind.inside != 0) return open_inside(bind);
    if (!bind.below.is_root())
        return Error(Error::Kind::unsupported, "a subpath that is shared or has mapped ids");
    Result<os::Fd> cloned = clone_from_host(bind);
    if (bind.optional && cloned.failed_with(std::errc::no_such_file_or_directory)) return os::Fd();
    os::Fd mount = TRY(std::move(cloned));
    if (!is_mapped(bind)) return mount;
    const os::Fd ns = TRY(user_namespace_with(bind.mapped), "mapping ids");
    TRY(os::map_ids(mount, ns, bind.mapped_depth));
    return mount;
}

Result<MountSources> MountSources::open(const Plan& plan) {
    MountSources sources;
    for (const Mount& mount : plan.mounts)
        if (const auto* bind = std::get_if<Bind>(&mount); bind && opens_before(*bind))
            sources.mounts_.push_back(TRY(open_source(*bind), "{}", describe(mount)));
    return sources;
}

Result<os::Fd> MountSources::take() {
    if (taken_ < mounts_.size()) return std::move(mounts_[taken_++]);
    return Error(Error::Kind::failed, "its source was not opened");
}

}  // namespace sbx::sandbox
