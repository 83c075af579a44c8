#include "sandbox/mount_sources.h"

#include <fcntl.h>
#include <unistd.h>

#include "os/ids.h"
#include "os/mount.h"
#include "os/process.h"
#include "os/root.h"

namespace sbx::sandbox {

static bool is_mapped(const Bind& bind) { return !bind.mapped.uids.empty(); }

bool opens_before(const Bind& bind) {
    return is_mapped(bind) || bind.own.propagation == MS_SHARED ||
           bind.attributes.propagation == MS_SHARED;
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

static Result<os::Fd> open_source(const Bind& bind) {
    if (!bind.below.is_root())
        return Error(Error::Kind::unsupported, "a subpath that is shared or has mapped ids");
    Result<os::Fd> cloned = os::clone_mount(os::FdView::cwd(), bind.from, bind.depth);
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
