#include "os/mount.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace sbx::os {

template <class... Args>
static Error mount_error(int err, fmt::format_string<Args...> text, Args&&... args) {
    Error error = Error::from_errno(err, text, std::forward<Args>(args)...);
    if (err != ENOSPC) return error;
    return std::move(error).hint("the limit on mounts is reached; see /proc/sys/fs/mount-max");
}

static unsigned flags_of(Depth depth) { return depth == Depth::and_below ? AT_RECURSIVE : 0; }

Result<Fd> clone_mount(FdView directory, const std::string& path, Depth depth) {
    const unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags_of(depth);
    Fd mount(::open_tree(directory.get(), path.c_str(), flags));
    if (!mount) return mount_error(errno, "clone the mount at '{}'", path);
    return mount;
}

Result<Fd> clone_mount(const std::string& host_path) {
    return clone_mount(FdView::cwd(), host_path, Depth::and_below);
}

Result<Fd> clone_mount(FdView place, Depth depth) {
    const unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | flags_of(depth);
    Fd mount(::open_tree(place.get(), "", flags));
    if (!mount) return mount_error(errno, "clone a mount");
    return mount;
}

// MOUNT_ATTR_* in the words of mount(2), whose first four bits are the same.
static unsigned long flags_for(std::uint64_t attributes) {
    constexpr std::uint64_t kSame =
        MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    static_assert(kSame == (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC));
    unsigned long flags = attributes & kSame;
    if ((attributes & MOUNT_ATTR__ATIME) == MOUNT_ATTR_NOATIME) flags |= MS_NOATIME;
    if ((attributes & MOUNT_ATTR__ATIME) == MOUNT_ATTR_STRICTATIME) flags |= MS_STRICTATIME;
    if ((attributes & MOUNT_ATTR_NODIRATIME) != 0) flags |= MS_NODIRATIME;
    if ((attributes & MOUNT_ATTR_NOSYMFOLLOW) != 0) flags |= MS_NOSYMFOLLOW;
    return flags;
}

static int configure(const Fd& context, const MountOption& option) {
    if (option.value.empty())
        return ::fsconfig(context.get(), FSCONFIG_SET_FLAG, option.name.c_str(), nullptr, 0);
    return ::fsconfig(context.get(), FSCONFIG_SET_STRING, option.name.c_str(), option.value.c_str(),
                      0);
}

Result<Fd> new_mount(const FileSystem& fs) {
    const auto& [type, source, options, attributes] = fs;
    const Fd context(::fsopen(type.c_str(), FSOPEN_CLOEXEC));
    if (!context) return mount_error(errno, "open file system type '{}'", type);
    const std::string& shown = source.empty() ? type : source;
    if (::fsconfig(context.get(), FSCONFIG_SET_STRING, "source", shown.c_str(), 0) != 0)
        return mount_error(errno, "name the source of a new '{}'", type);
    for (const MountOption& option : options)
        if (configure(context, option) != 0)
            return mount_error(errno, "set {}={} of a new '{}'", option.name, option.value, type);
    if (::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0)
        return mount_error(errno, "make a new '{}'", type);
    Fd mount(::fsmount(context.get(), FSMOUNT_CLOEXEC, static_cast<unsigned>(attributes)));
    if (!mount) return mount_error(errno, "mount a new '{}'", type);
    return mount;
}

Result<Fd> new_mount(const std::string& type, const std::vector<MountOption>& options,
                     std::uint64_t attributes) {
    return new_mount({.type = type, .options = options, .attributes = attributes});
}

Result<> mount_overlay(const std::string& directory, const std::string& options) {
    const auto page = static_cast<std::size_t>(::getpagesize());
    if (options.size() >= page)
        return Error(Error::Kind::unsupported, "the image has too many layers for one overlay");
    if (::mount("overlay", directory.c_str(), "overlay", 0, options.c_str()) == 0) return {};
    return Error::from_errno(errno, "mount the overlay");
}

Result<> mount_on(FdView where, const FileSystem& fs, const std::string& data) {
    if (data.size() >= static_cast<std::size_t>(::getpagesize()))
        return Error(Error::Kind::unsupported, "the options of '{}' are longer than a page",
                     fs.type);
    const std::string path = fmt::format("/proc/self/fd/{}", where.get());
    if (::mount(fs.source.c_str(), path.c_str(), fs.type.c_str(), flags_for(fs.attributes),
                data.c_str()) == 0)
        return {};
    return mount_error(errno, "mount '{}'", fs.type);
}

Result<> mount_fuse(const std::string& type, const std::string& directory, FdView fuse) {
    const std::string options = fmt::format(
        "fd={},rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions", fuse.get());
    if (::mount("sbx", directory.c_str(), type.c_str(), 0, options.c_str()) == 0) return {};
    return Error::from_errno(errno, "mount '{}'", type);
}

Result<> detach_mount(const std::string& directory) {
    if (::umount2(directory.c_str(), MNT_DETACH) == 0) return {};
    return Error::from_errno(errno, "detach the mount at '{}'", directory);
}

Result<> change_mount(FdView mount, Attributes attributes, Depth depth) {
    mount_attr change{};
    change.attr_set = attributes.set;
    change.attr_clr = attributes.clear;
    change.propagation = attributes.propagation;
    const unsigned flags = AT_EMPTY_PATH | flags_of(depth);
    if (::mount_setattr(mount.get(), "", flags, &change, sizeof change) == 0) return {};
    const int err = errno;
    Error error = mount_error(err, "change the attributes of a mount by +{:#x} -{:#x}",
                              attributes.set, attributes.clear);
    if (err != EPERM) return error;
    return std::move(error).hint(
        "a rootless mount may not drop flags (nosuid, nodev, ro) the source has");
}

Result<> restrict_mount(FdView mount, std::uint64_t attributes) {
    return change_mount(mount, {.set = attributes}, Depth::and_below);
}

Result<> map_ids(FdView mount, FdView user_namespace, Depth depth) {
    mount_attr change{};
    change.attr_set = MOUNT_ATTR_IDMAP;
    change.userns_fd = static_cast<std::uint64_t>(user_namespace.get());
    const unsigned flags = AT_EMPTY_PATH | flags_of(depth);
    if (::mount_setattr(mount.get(), "", flags, &change, sizeof change) == 0) return {};
    const int err = errno;
    Error error = mount_error(err, "map the ids of a mount");
    if (err == EINVAL) return std::move(error).hint("its file system may have no mapped ids");
    if (err == EPERM) return std::move(error).hint("only root may map the ids of the host's files");
    return error;
}

Result<> attach_mount(FdView mount, FdView where) {
    const unsigned flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
    if (::move_mount(mount.get(), "", where.get(), "", flags) == 0) return {};
    return mount_error(errno, "attach a mount");
}

Result<> make_mounts_private() {
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0) return {};
    return mount_error(errno, "make every mount private");
}

Result<> make_mounts_slaves() {
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) == 0) return {};
    return mount_error(errno, "make every mount a slave of the host's");
}

// pivot_root(".", ".") stacks the old root on the new one, where one detach drops it; no directory
// has to be made inside the image for it. pivot_root(2), NOTES, names this use.
Result<> pivot_root(FdView new_root) {
    if (::fchdir(new_root.get()) != 0) return Error::from_errno(errno, "enter the new root");
    if (::syscall(SYS_pivot_root, ".", ".") != 0) return mount_error(errno, "pivot_root");
    if (::umount2(".", MNT_DETACH) != 0) return mount_error(errno, "drop the old root");
    if (::chdir("/") != 0) return Error::from_errno(errno, "enter '/'");
    return {};
}

}  // namespace sbx::os
