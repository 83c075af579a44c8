#include <map>
#include <vector>

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "base/text.h"
#include "os/file.h"
#include "os/tree.h"

namespace sbx::os {

namespace {

// A directory that is being copied, and the names in it that are still to come.
struct Frame {
    std::string name;    // in the directory above; of the first it is empty
    Fd from;             // closed while the copy is far below
    Fd to;               // likewise
    struct stat status;  // of `from`
    struct stat target;  // of `to`
    std::vector<std::string> names;
};

constexpr const char* kOpaque = "user.overlay.opaque";

// So many of the innermost directories are open at once. The others are opened again on the way
// back, from the one below.
constexpr std::size_t kMostOpen = 64;

}  // namespace

static bool is_whiteout(const struct stat& status) {
    return S_ISCHR(status.st_mode) && status.st_rdev == ::makedev(0, 0);
}

static bool is_opaque(FdView directory) {
    char value = 0;
    return ::fgetxattr(directory.get(), kOpaque, &value, 1) == 1 && value == 'y';
}

// copy_file_range(2), or where it is refused, between file systems of different types (EXDEV since
// Linux 5.19) or by one that does not know it, through the page cache.
static ssize_t copy_some(FdView from, FdView to, off_t at, std::size_t size) {
    off_t in = at;
    off_t out = at;
    const ssize_t n = ::copy_file_range(from.get(), &in, to.get(), &out, size, 0);
    if (n >= 0 || (errno != EXDEV && errno != EOPNOTSUPP && errno != EINVAL)) return n;
    if (::lseek(to.get(), at, SEEK_SET) < 0) return -1;
    return ::sendfile(to.get(), from.get(), &in, size);
}

static Result<> copy_data(FdView from, FdView to, off_t begin, off_t end) {
    while (begin < end) {
        const ssize_t n = copy_some(from, to, begin, static_cast<std::size_t>(end - begin));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return Error::from_errno(errno, "copy data");
        if (n == 0) return Error(Error::Kind::failed, "the file shrank while it was copied");
        begin += n;
    }
    return {};
}

static Result<> copy_holes(FdView from, FdView to, off_t size) {
    off_t at = 0;
    while (at < size) {
        const off_t data = ::lseek(from.get(), at, SEEK_DATA);
        if (data < 0 && errno == ENXIO) break;  // nothing but a hole up to the end
        if (data < 0) return Error::from_errno(errno, "find data");
        at = ::lseek(from.get(), data, SEEK_HOLE);
        if (at < 0) return Error::from_errno(errno, "find a hole");
        TRY(copy_data(from, to, data, at));
    }
    if (::ftruncate(to.get(), size) != 0) return Error::from_errno(errno, "set the size");
    return {};
}

static Result<> copy_content(FdView from, FdView to, off_t size) {
    if (size == 0 || ::ioctl(to.get(), FICLONE, from.get()) == 0) return {};
    return copy_holes(from, to, size);
}

static std::vector<std::string> attribute_names(FdView file) {
    const ssize_t room = ::flistxattr(file.get(), nullptr, 0);
    if (room <= 0) return {};  // as of most files
    std::string list(static_cast<std::size_t>(room), '\0');
    const ssize_t size = ::flistxattr(file.get(), list.data(), list.size());
    if (size <= 0) return {};
    const auto names =
        split(std::string_view(list).substr(0, static_cast<std::size_t>(size) - 1), '\0');
    return {names.begin(), names.end()};
}

// Attributes that the target refuses (a file system without them, a namespace that may not set
// them) are left out, as cp -a leaves them out; the overlay's own are not copied when applied.
static void copy_attributes(const std::vector<std::string>& names, FdView from, FdView to,
                            OverlayMarks marks) {
    constexpr std::size_t kLargest = 65536;  // XATTR_SIZE_MAX
    for (const std::string& name : names) {
        if (marks == OverlayMarks::apply && name.starts_with("user.overlay.")) continue;
        std::string value(kLargest, '\0');
        const ssize_t length = ::fgetxattr(from.get(), name.c_str(), value.data(), value.size());
        if (length >= 0)
            (void)::fsetxattr(to.get(), name.c_str(), value.data(),
                              static_cast<std::size_t>(length), 0);
    }
}

// Owner before mode: chown(2) clears the set-user-ID bits. Times last: all else changes them.
static Result<> copy_metadata(FdView to, const struct stat& status) {
    if (::fchown(to.get(), status.st_uid, status.st_gid) != 0)
        return Error::from_errno(errno, "give to user {}, group {}", status.st_uid, status.st_gid);
    if (::fchmod(to.get(), status.st_mode & 07777) != 0)
        return Error::from_errno(errno, "set the mode");
    const timespec times[2] = {status.st_atim, status.st_mtim};
    if (::futimens(to.get(), times) != 0) return Error::from_errno(errno, "set the times");
    return {};
}

static Result<Fd> open_parent(FdView child, const struct stat& expected) {
    Fd parent = TRY(open_directory(child, ".."));
    const struct stat status = TRY(status_of(parent));
    if (status.st_dev != expected.st_dev || status.st_ino != expected.st_ino)
        return Error(Error::Kind::failed, "a directory was moved while it was copied");
    return parent;
}

namespace {

class Copy {
public:
    Copy(FdView top, OverlayMarks marks) : top_(top), marks_(marks) {}

    Result<> run(FdView from) {
        Fd source = TRY(open_directory(from, "."));
        Fd target = TRY(open_directory(top_, "."));
        TRY(push("", std::move(source), std::move(target)));
        while (!frames_.empty()) {
            if (frames_.back().names.empty()) {
                TRY(leave());
                continue;
            }
            const std::string name = std::move(frames_.back().names.back());
            frames_.back().names.pop_back();
            TRY(one(name), "copying '{}'", name);
        }
        return {};
    }

private:
    using Path = std::vector<std::string>;

    Result<> push(const std::string& name, Fd from, Fd to) {
        const struct stat status = TRY(status_of(from));
        const struct stat target = TRY(status_of(to));
        std::vector<std::string> names = TRY(names_in(from));
        frames_.push_back({.name = name,
                           .from = std::move(from),
                           .to = std::move(to),
                           .status = status,
                           .target = target,
                           .names = std::move(names)});
        if (frames_.size() > kMostOpen) {
            Frame& far_above = frames_[frames_.size() - kMostOpen - 1];
            far_above.from.reset();
            far_above.to.reset();
        }
        return {};
    }

    Result<> leave() {
        const Frame frame = std::move(frames_.back());
        frames_.pop_back();
        // Before the mode changes, which may forbid it.
        if (!frames_.empty() && !frames_.back().from) {
            Frame& above = frames_.back();
            above.from = TRY(open_parent(frame.from, above.status));
            above.to = TRY(open_parent(frame.to, above.target));
        }
        copy_attributes(attribute_names(frame.from), frame.from, frame.to, marks_);
        return copy_metadata(frame.to, frame.status);
    }

    Result<> one(const std::string& name) {
        const Frame& frame = frames_.back();
        const struct stat status = TRY(status_at(frame.from, name));
        if (S_ISDIR(status.st_mode)) return directory(name);
        TRY(remove_tree(frame.to, name));
        if (marks_ == OverlayMarks::apply && is_whiteout(status)) return {};
        if (status.st_nlink > 1) {
            const auto [first, is_new] =
                links_.try_emplace({status.st_dev, status.st_ino}, path_of(name));
            if (!is_new) return hard_link(name, first->second);
        }
        if (S_ISREG(status.st_mode)) return regular(name, status);
        if (S_ISLNK(status.st_mode)) return symbolic_link(name, status);
        if (S_ISSOCK(status.st_mode)) return {};  // means nothing without its process
        return special(name, status);
    }

    Result<> directory(const std::string& name) {
        Fd from = TRY(open_directory(frames_.back().from, name));
        const FdView parent(frames_.back().to);
        const Result<struct stat> there = status_at(parent, name);
        const bool replaced = there && !S_ISDIR(there->st_mode);
        if (replaced || (marks_ == OverlayMarks::apply && is_opaque(from)))
            TRY(remove_tree(parent, name));
        Fd to = TRY(make_directory(parent, name, 0700));
        return push(name, std::move(from), std::move(to));
    }

    Result<> regular(const std::string& name, const struct stat& status) {
        const Fd from(::openat(frames_.back().from.get(), name.c_str(),
                               O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
        if (!from) return Error::from_errno(errno, "open");
        const Fd to(::openat(frames_.back().to.get(), name.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
        if (!to) return Error::from_errno(errno, "create");
        TRY(copy_content(from, to, status.st_size));
        // Before the owner changes, which may take away the right to set them; and once more, as
        // chown(2) drops file capabilities.
        const std::vector<std::string> attributes = attribute_names(from);
        copy_attributes(attributes, from, to, marks_);
        TRY(copy_metadata(to, status));
        copy_attributes(attributes, from, to, marks_);
        return {};
    }

    Result<> symbolic_link(const std::string& name, const struct stat& status) {
        const std::string target = TRY(read_link(frames_.back().from, name));
        if (::symlinkat(target.c_str(), frames_.back().to.get(), name.c_str()) != 0)
            return Error::from_errno(errno, "link");
        return own(name, status);
    }

    Result<> special(const std::string& name, const struct stat& status) {
        if (::mknodat(frames_.back().to.get(), name.c_str(), status.st_mode, status.st_rdev) != 0)
            return Error::from_errno(errno, "make a special file");
        TRY(own(name, status));
        // What mknod(2) made of it went through the umask.
        if (::fchmodat(frames_.back().to.get(), name.c_str(), status.st_mode & 07777,
                       AT_SYMLINK_NOFOLLOW) != 0)
            return Error::from_errno(errno, "set the mode");
        return {};
    }

    // The owner and times of what cannot be opened.
    Result<> own(const std::string& name, const struct stat& status) {
        const FdView to(frames_.back().to);
        if (::fchownat(to.get(), name.c_str(), status.st_uid, status.st_gid, AT_SYMLINK_NOFOLLOW) !=
            0)
            return Error::from_errno(errno, "give to user {}, group {}", status.st_uid,
                                     status.st_gid);
        const timespec times[2] = {status.st_atim, status.st_mtim};
        if (::utimensat(to.get(), name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
            return Error::from_errno(errno, "set the times");
        return {};
    }

    // The second and later names of one inode become hard links to the copy of the first. Its path
    // is walked a name at a time: it may be longer than a path may be, and holds no link.
    Result<> hard_link(const std::string& name, const Path& first) {
        Fd folder = TRY(open_directory(top_, "."));
        for (std::size_t i = 0; i + 1 < first.size(); ++i)
            folder = TRY(open_directory(folder, first[i]));
        if (::linkat(folder.get(), first.back().c_str(), frames_.back().to.get(), name.c_str(),
                     0) == 0)
            return {};
        return Error::from_errno(errno, "link to '{}'", first.back());
    }

    Path path_of(const std::string& name) const {
        Path path;
        for (std::size_t i = 1; i < frames_.size(); ++i)
            path.push_back(frames_[i].name);
        path.push_back(name);
        return path;
    }

    FdView top_;
    OverlayMarks marks_;
    std::vector<Frame> frames_;
    std::map<std::pair<dev_t, ino_t>, Path> links_;
};

}  // namespace

Result<> copy_tree(FdView from, FdView to, OverlayMarks marks) { return Copy(to, marks).run(from); }

}  // namespace sbx::os
