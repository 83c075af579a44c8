#include "sandbox/child_overlay.h"

#include <functional>

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

static std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

// What is in the upper folder is for the life that comes: a visit has begun it.
static constexpr const char* kMark = "kept";

static std::string mark_of(const Overlay& m) {
    return fmt::format("{}/{}", folder_of(m.upper), kMark);
}

static Result<> set_mark(const Overlay& m) {
    const os::Fd folder = TRY(os::open_directory(os::FdView::cwd(), folder_of(m.upper)));
    return os::write_atomic(folder, kMark, "");
}

// What overlay itself keeps in the work folder is of no use once it is unmounted, and says of one
// that was "volatile" that it may not be mounted again.
static Result<> prepare(const Overlay& m, Occasion occasion) {
    const bool is_begun = os::exists_at(os::FdView::cwd(), mark_of(m));
    const bool sees_last = occasion == Occasion::reading_visit;
    if (!is_begun && !sees_last) TRY(os::remove_tree(os::FdView::cwd(), m.upper));
    const bool is_new = !os::exists_at(os::FdView::cwd(), m.upper);
    for (const std::string& path : {m.upper, m.work})
        if (!os::exists_at(os::FdView::cwd(), path))
            TRY(os::make_directory(os::FdView::cwd(), path, 0700));
    TRY(os::remove_tree(os::FdView::cwd(), m.work + "/work"));
    if (is_new) {
        const os::Fd source = TRY(open_source(m));
        TRY(look_like(source, m.upper));
    }
    const bool begins = occasion == Occasion::writing_visit && !is_begun;
    return begins ? set_mark(m) : Result<>();
}

// Those of sbx's own alone.
static Result<> for_each_own(const Plan& plan,
                             const std::function<Result<>(const Overlay& overlay)>& action) {
    for (const Mount& mount : plan.mounts)
        if (const auto* overlay = std::get_if<Overlay>(&mount); overlay && !overlay->lasting)
            TRY(action(*overlay), "{}", describe(mount));
    return {};
}

Result<> make_overlay_folders(const Plan& plan) {
    return for_each_own(
        plan, [](const Overlay& m) { return os::make_directories(folder_of(m.upper), 0700); });
}

Result<> prepare_overlays(const Plan& plan, Occasion occasion) {
    return for_each_own(plan, [&](const Overlay& m) { return prepare(m, occasion); });
}

Result<> forget_visits(const Plan& plan) {
    return for_each_own(
        plan, [](const Overlay& m) { return os::remove_tree(os::FdView::cwd(), mark_of(m)); });
}

// overlay(5) wants paths; these lead to what is open, whatever its name has in it.
static std::string path_to(const os::Fd& fd) { return fmt::format("/proc/self/fd/{}", fd.get()); }

Result<> mount_overlay_on(const os::Fd& where, const Overlay& overlay) {
    const os::Fd lower = TRY(open_source(overlay));
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
