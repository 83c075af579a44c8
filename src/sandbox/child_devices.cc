#include "sandbox/child_devices.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "os/file.h"
#include "os/mount.h"

namespace sbx::sandbox {

// Over whatever file of that name is there already.
static Result<> bind_device(const std::string& from, os::FdView folder, const char* name) {
    const os::Fd device = TRY(os::clone_mount(os::FdView::cwd(), from, os::Depth::this_one));
    if (::mknodat(folder.get(), name, S_IFREG | 0644, 0) != 0 && errno != EEXIST)
        return Error::from_errno(errno, "make '{}'", name);
    const os::Fd where(::openat(folder.get(), name, O_PATH | O_CLOEXEC | O_NOFOLLOW));
    if (!where) return Error::from_errno(errno, "open '{}'", name);
    const struct stat there = TRY(os::status_of(where));
    if (S_ISLNK(there.st_mode) || S_ISDIR(there.st_mode))
        return Error(Error::Kind::exists, "'{}' is there and is no device", name);
    return os::attach_mount(device, where);
}

static Error node_error(int err, const std::string& name) {
    Error error = Error::from_errno(err, "make device '{}'", name);
    if (err != EPERM) return error;
    return std::move(error).hint("only root of the host may make devices");
}

static Result<> check_is_node(os::FdView folder, const std::string& name, const DeviceNode& node) {
    struct stat status{};
    if (::fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
        return Error::from_errno(errno, "inspect '{}'", name);
    const bool same = (status.st_mode & S_IFMT) == node.kind &&
                      (node.kind == S_IFIFO || status.st_rdev == ::makedev(node.major, node.minor));
    if (same) return {};
    return Error(Error::Kind::exists, "'{}' is there and is another file", name);
}

// With exactly the mode that is asked for, whatever the umask.
Result<> make_node(os::FdView folder, const std::string& name, const DeviceNode& node) {
    const mode_t umask = ::umask(0);
    const int made = ::mknodat(folder.get(), name.c_str(), node.kind | node.mode,
                               ::makedev(node.major, node.minor));
    const int err = errno;
    ::umask(umask);
    if (made != 0 && err == EEXIST) return check_is_node(folder, name, node);
    if (made != 0) return node_error(err, name);
    if (::fchownat(folder.get(), name.c_str(), node.uid, node.gid, AT_SYMLINK_NOFOLLOW) != 0)
        return Error::from_errno(errno, "give '{}' to {}:{}", name, node.uid, node.gid);
    return {};
}

Result<> make_usual_nodes(os::FdView folder, Nodes nodes) {
    struct Usual {
        const char* name;
        unsigned major;
        unsigned minor;
    };
    constexpr Usual kUsual[] = {{"null", 1, 3},   {"zero", 1, 5},    {"full", 1, 7},
                                {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0}};
    for (const auto& [name, major, minor] : kUsual)
        if (nodes == Nodes::made)
            TRY(make_node(folder, name, {.kind = S_IFCHR, .major = major, .minor = minor}));
        else
            TRY(bind_device(fmt::format("/dev/{}", name), folder, name));
    return {};
}

}  // namespace sbx::sandbox
