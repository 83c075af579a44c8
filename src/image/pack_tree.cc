#include "image/pack_tree.h"

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/text.h"
#include "image/metadata.h"
#include "os/file.h"
#include "os/rlimits.h"

namespace sbx::image {

using archive::Entry;

static constexpr std::size_t kMostNotes = 20;

static Entry entry_of(const struct stat& status, const std::string& path, Entry::Kind kind) {
    return {.kind = kind,
            .path = path,
            .mode = status.st_mode & 07777,
            .uid = status.st_uid,
            .gid = status.st_gid,
            .modified = {.seconds = status.st_mtim.tv_sec,
                         .nanoseconds = static_cast<std::uint32_t>(status.st_mtim.tv_nsec)}};
}

static bool is_of_the_kernel(os::FdView folder) {
    constexpr std::array<long, 6> kKinds = {PROC_SUPER_MAGIC,   SYSFS_MAGIC,   CGROUP2_SUPER_MAGIC,
                                            DEVPTS_SUPER_MAGIC, DEBUGFS_MAGIC, TRACEFS_MAGIC};
    struct statfs status{};
    return ::fstatfs(folder.get(), &status) == 0 &&
           std::ranges::find(kKinds, static_cast<long>(status.f_type)) != kKinds.end();
}

void TreePacker::note(std::string_view path, std::string_view what) {
    if (notes_.size() < kMostNotes) notes_.push_back(fmt::format("'{}' {}", excerpt(path), what));
}

// A file that grows is taken as it was; one that shrinks has to have the size that was said.
Result<> TreePacker::add_content(os::FdView file, std::uint64_t size, const std::string& path) {
    std::array<char, 65536> buffer;
    while (size > 0) {
        const std::size_t want = std::min<std::uint64_t>(size, buffer.size());
        const ssize_t n = ::read(file.get(), buffer.data(), want);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return Error::from_errno(errno, "read '{}'", path);
        if (n == 0) {
            note(path, "became shorter while it was read, and ends with zeros");
            for (; size > 0; size -= std::min<std::uint64_t>(size, buffer.size()))
                TRY(tar_->add_content(
                    std::string(std::min<std::uint64_t>(size, buffer.size()), '\0')));
            return {};
        }
        TRY(tar_->add_content({buffer.data(), static_cast<std::size_t>(n)}));
        size -= static_cast<std::uint64_t>(n);
    }
    return {};
}

// A file of procfs has what it has once it is read.
Result<> TreePacker::add_kernel_file(os::FdView file, Entry entry) {
    constexpr std::size_t kLargest = std::size_t{4} << 20;
    const std::string content = TRY(os::read_to_end(file, kLargest), "'{}'", entry.path);
    entry.size = content.size();
    TRY(tar_->begin(entry));
    return tar_->add_content(content);
}

// Without waiting for anybody, should something else be there by now.
Result<> TreePacker::add_file(os::FdView folder, const std::string& name, const std::string& path) {
    const os::Fd file(::openat(folder.get(), name.c_str(),
                               O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file && errno == ENOENT) return {};
    if (!file && (errno == ELOOP || errno == ENXIO)) {
        note(path, "was replaced while it was read, and is left out");
        return {};
    }
    if (!file) return Error::from_errno(errno, "open '{}'", path);
    const struct stat status = TRY(os::status_of(file));
    if (!S_ISREG(status.st_mode)) {
        note(path, "was replaced while it was read, and is left out");
        return {};
    }
    Entry entry = entry_of(status, path, Entry::Kind::regular);
    if (status.st_nlink > 1) {
        const auto [first, is_new] = links_.try_emplace({status.st_dev, status.st_ino}, path);
        if (!is_new) {
            entry.kind = Entry::Kind::hard_link;
            entry.target = first->second;
            return tar_->begin(entry);
        }
    }
    entry.size = static_cast<std::uint64_t>(status.st_size);
    if (entry.size == 0 && is_of_the_kernel(file)) return add_kernel_file(file, std::move(entry));
    entry.attributes = attributes_of(file);
    TRY(tar_->begin(entry));
    return add_content(file, entry.size, path);
}

Result<os::Fd> TreePacker::add_folder(os::FdView folder, const std::string& name,
                                      const std::string& path) {
    Result<os::Fd> opened = os::open_directory(folder, name);
    if (opened.failed_with(std::errc::no_such_file_or_directory)) return os::Fd();
    const bool replaced = opened.failed_with(std::errc::not_a_directory) ||
                          opened.failed_with(std::errc::too_many_symbolic_link_levels);
    if (replaced && !path.empty()) {
        note(path, "was replaced while it was read, and is left out");
        return os::Fd();
    }
    os::Fd there = TRY(std::move(opened), "'{}'", path);
    if (path.empty()) return there;
    Entry entry = entry_of(TRY(os::status_of(there)), path, Entry::Kind::directory);
    entry.attributes = attributes_of(there);
    TRY(tar_->begin(entry));
    return there;
}

Result<> TreePacker::add_device(const struct stat& status, const std::string& path) {
    if (devices_ == Devices::left_out && is_top())
        return Error(Error::Kind::unsupported, "'{}' is a device, which is not copied", path);
    if (devices_ == Devices::left_out) {
        note(path, "is a device, and is left out");
        return {};
    }
    Entry entry = entry_of(
        status, path,
        S_ISCHR(status.st_mode) ? Entry::Kind::character_device : Entry::Kind::block_device);
    entry.device_major = ::major(status.st_rdev);
    entry.device_minor = ::minor(status.st_rdev);
    return tar_->begin(entry);
}

// Where it is a folder, that; else nothing.
Result<os::Fd> TreePacker::add_one(os::FdView folder, const std::string& name,
                                   const std::string& path) {
    Result<struct stat> looked = os::status_at(folder, name);
    if (looked.failed_with(std::errc::no_such_file_or_directory) && !is_top())
        return os::Fd();  // it was there when the folder was listed
    const struct stat status = TRY(std::move(looked), "'{}'", path);
    switch (status.st_mode & S_IFMT) {
        case S_IFDIR: return add_folder(folder, name, path);
        case S_IFREG: TRY(add_file(folder, name, path)); break;
        case S_IFLNK: {
            const Result<std::string> target = os::read_link(folder, name);
            if (!target) break;  // gone or replaced
            if (no_link_ && is_top())
                return Error(Error::Kind::failed, "'{}' was replaced by a link meanwhile", path);
            Entry entry = entry_of(status, path, Entry::Kind::symbolic_link);
            entry.target = *target;
            TRY(tar_->begin(entry));
            break;
        }
        case S_IFIFO: TRY(tar_->begin(entry_of(status, path, Entry::Kind::fifo))); break;
        case S_IFCHR:
        case S_IFBLK: TRY(add_device(status, path)); break;
        default:
            if (is_top())
                return Error(Error::Kind::unsupported, "'{}' is a socket, which is not copied",
                             path);
            note(path, "is a socket, and is left out");
    }
    return os::Fd();
}

Result<bool> TreePacker::add(os::FdView folder, const std::string& name, const std::string& path) {
    listed_ = true;
    const os::Fd inner = TRY(add_one(folder, name, path));
    listed_ = false;
    return static_cast<bool>(inner);
}

Result<> TreePacker::descend(os::Fd folder, std::string path) {
    const struct stat status = TRY(os::status_of(folder));
    const bool mounted = !frames_.empty() && frames_.back().device != status.st_dev;
    if (mounted && is_of_the_kernel(folder)) return {};
    std::vector<std::string> names = TRY(os::names_in(folder), "'{}'", path);
    std::ranges::reverse(names);  // they are taken from the end
    frames_.push_back({.folder = std::move(folder),
                       .device = status.st_dev,
                       .path = path.empty() ? "" : path + "/",
                       .names = std::move(names)});
    return {};
}

Result<> TreePacker::add_tree(os::FdView folder, const std::string& name, const std::string& path) {
    (void)os::raise_soft_limit(RLIMIT_NOFILE);  // each level has a descriptor
    os::Fd top = TRY(add_one(folder, name, path));
    if (top) TRY(descend(std::move(top), path));
    while (!frames_.empty()) {
        Frame& frame = frames_.back();
        if (frame.names.empty()) {
            frames_.pop_back();
            continue;
        }
        const std::string next = std::move(frame.names.back());
        frame.names.pop_back();
        const std::string below = frame.path + next;
        os::Fd inner = TRY(add_one(frame.folder, next, below));
        if (inner) TRY(descend(std::move(inner), below));
    }
    return {};
}

}  // namespace sbx::image
