#include "sandbox/child_secrets.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "os/mount.h"

namespace sbx::sandbox {

static constexpr std::uint64_t kNothingSpecial =
    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

static Result<os::Fd> make_file(const os::Fd& folder, const std::string& name,
                                const SecretFile& secret) {
    os::Fd file(::openat(folder.get(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file) return Error::from_errno(errno, "make its file");
    TRY(os::write_all(file, secret.value));
    if (::fchown(file.get(), secret.uid, secret.gid) != 0)
        return Error::from_errno(errno, "give it to {}:{}", secret.uid, secret.gid);
    if (::fchmod(file.get(), secret.mode) != 0) return Error::from_errno(errno, "set its mode");
    return file;
}

// Only what is attached can be cloned before Linux 6.15: that is why the folder already is.
static Result<> bind_elsewhere(const os::Fd& folder, const os::Fd& file, const os::Fd& where) {
    const os::Fd mount = TRY(os::clone_mount(os::FdView(file), os::Depth::this_one));
    TRY(os::restrict_mount(mount, MOUNT_ATTR_RDONLY | kNothingSpecial));
    TRY(os::attach_mount(mount, where));
    return os::remove_at(folder, ".elsewhere");
}

Result<> make_secrets(const Secrets& secrets, const os::Fd& where,
                      const std::function<Result<os::Fd>(const os::InnerPath&)>& target) {
    const os::Fd folder = TRY(os::new_mount("tmpfs", {{"mode", "755"}}, kNothingSpecial));
    TRY(os::attach_mount(folder, where));
    for (const SecretFile& secret : secrets.files) {
        const bool here = secret.to.parent() == secrets.to;
        const std::string name = here ? secret.to.names().back() : ".elsewhere";
        const os::Fd file = TRY(make_file(folder, name, secret), "secret '{}'", secret.name);
        if (here) continue;
        const os::Fd place = TRY(target(secret.to), "secret '{}'", secret.name);
        TRY(bind_elsewhere(folder, file, place), "secret '{}'", secret.name);
    }
    return os::restrict_mount(folder, MOUNT_ATTR_RDONLY);
}

}  // namespace sbx::sandbox
