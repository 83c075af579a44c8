#include "sandbox/child_overlay.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "os/mount.h"
#include "os/root.h"
#include "os/tree.h"

namespace sbx::sandbox {

static Result<os::Fd> open_folder(const std::string& path) {
    os::Fd folder(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return Error::from_errno(errno, "open '{}'", path);
    return folder;
}

static Result<os::Fd> open_source(const Overlay& m) {
    if (m.below.is_root()) return open_folder(m.from);
    const os::Root volume = TRY(os::Root::open(m.from));
    return TRY(volume.open(m.below, O_PATH | O_DIRECTORY), "subpath");
}

// The top of the overlay has the mode and the owner of this folder: those of the source, but for an
// owner that the container has no id for.
static Result<> look_like(const os::Fd& source, const std::string& upper) {
    const struct stat status = TRY(os::status_of(source));
    const os::Fd folder = TRY(os::open_directory(os::FdView::cwd(), upper));
    if (::fchown(folder.get(), status.st_uid, status.st_gid) != 0 && errno != EINVAL)
        return Error::from_errno(errno, "change the owner of '{}'", upper);
    if (::fchmod(folder.get(), status.st_mode & 07777) != 0)
        return Error::from_errno(errno, "change the mode of '{}'", upper);
    return {};
}

static Result<> begin_empty(const Overlay& m, const os::Fd& source) {
    for (const std::string& path : {m.upper, m.work}) {
        TRY(os::remove_tree(os::FdView::cwd(), path));
        TRY(os::make_directories(path, 0700));
    }
    return look_like(source, m.upper);
}

// overlay(5) wants paths; these lead to what is open, whatever its name has in it.
static std::string path_to(const os::Fd& fd) { return fmt::format("/proc/self/fd/{}", fd.get()); }

Result<> mount_overlay_on(const os::Fd& where, const Overlay& overlay) {
    const os::Fd lower = TRY(open_source(overlay));
    if (!overlay.lasting) TRY(begin_empty(overlay, lower));
    const os::Fd upper = TRY(open_folder(overlay.upper));
    const os::Fd work = TRY(open_folder(overlay.work));
    const std::string options = fmt::format("userxattr,{}lowerdir={},upperdir={},workdir={}",
                                            overlay.lasting ? "" : "volatile,", path_to(lower),
                                            path_to(upper), path_to(work));
    Result<> mounted = os::mount_on(
        where, {.type = "overlay", .source = "overlay", .attributes = overlay.attributes}, options);
    if (!mounted.failed_with(std::errc::invalid_argument)) return mounted;
    return std::move(mounted).error().hint(
        "the kernel lays an overlay over no folder that has other mounts in it, and keeps changes "
        "in no folder of another overlay");
}

}  // namespace sbx::sandbox
