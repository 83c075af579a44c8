#include "sandbox/child_volume.h"

#include <string>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "os/file.h"
#include "os/tree.h"

namespace sbx::sandbox {

static Result<os::Fd> open_locked(const Bind& volume) {
    constexpr const char* kLock = "filling";
    const std::string record = volume.from.substr(0, volume.from.rfind('/'));
    const os::Fd folder = TRY(os::open_directory(os::FdView::cwd(), record));
    os::Fd file(::openat(folder.get(), kLock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return Error::from_errno(errno, "open '{}/{}'", record, kLock);
    while (::flock(file.get(), LOCK_EX) != 0)
        if (errno != EINTR) return Error::from_errno(errno, "lock '{}/{}'", record, kLock);
    return file;
}

static Result<> mark(os::FdView file, std::string_view text) {
    if (::ftruncate(file.get(), 0) != 0) return Error::from_errno(errno, "mark the volume");
    return text.empty() ? Result<>() : os::write_all(file, text);
}

// While it is being filled the file says which folder of the volume is: that of a subpath, or "/".
static Result<> fill_locked(const Bind& volume, os::FdView file, os::FdView into,
                            const std::function<Result<>()>& copy) {
    constexpr std::size_t kLongest = 8192;
    const std::string left = TRY(os::read_to_end(file, kLongest));
    const bool is_part = left == volume.below.text();
    if (!is_part && !TRY(os::names_in(into)).empty()) return {};
    if (!left.empty() && !is_part) return copy();  // the mark of another folder stays
    if (::lseek(file.get(), 0, SEEK_SET) != 0) return Error::from_errno(errno, "mark the volume");
    TRY(mark(file, volume.below.text()));
    TRY(copy());
    return mark(file, "");
}

Result<> fill_volume(const Bind& volume, os::FdView into, const std::function<Result<>()>& copy) {
    const os::Fd file = TRY(open_locked(volume));
    Result<> filled = fill_locked(volume, file, into, copy);
    ::flock(file.get(), LOCK_UN);  // also of copies that forked processes have
    return filled;
}

static Result<> copy_all_up(const os::Root& root, const os::InnerPath& to, os::FdView into) {
    Result<os::Fd> opened = root.open(to, O_RDONLY | O_DIRECTORY);
    if (opened.failed_with(std::errc::no_such_file_or_directory) ||
        opened.failed_with(std::errc::not_a_directory))
        return {};
    const os::Fd from = TRY(std::move(opened));
    TRY(os::copy_tree(from, into, os::OverlayMarks::copy), "copying the image's content");
    return {};
}

Result<> copy_up(const os::InnerPath& to, const os::Root& root, os::FdView into) {
    if (!TRY(os::names_in(into)).empty()) return {};
    return copy_all_up(root, to, into);
}

Result<> copy_up(const Bind& m, const os::Root& root, os::FdView into) {
    if (!m.is_volume) return copy_up(m.to, root, into);
    return fill_volume(m, into, [&] { return copy_all_up(root, m.to, into); });
}

}  // namespace sbx::sandbox
