#include "sandbox/labels.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include "base/text.h"
#include "os/file.h"

namespace sbx::sandbox {

static Result<os::Fd> open_attribute(const char* path) {
    os::Fd file(::open(path, O_WRONLY | O_CLOEXEC));
    struct statfs status{};
    if (!file || ::fstatfs(file.get(), &status) != 0)
        return Error::from_errno(errno, "open '{}'", path);
    if (status.f_type == PROC_SUPER_MAGIC) return file;
    return Error(Error::Kind::failed, "'{}' is not a file of procfs", path);
}

bool has_selinux() {
    struct statfs status{};
    return ::statfs("/sys/fs/selinux", &status) == 0 && status.f_type == SELINUX_MAGIC;
}

Result<Labels> Labels::open(const Program& program) {
    Labels labels;
    labels.profile_ = program.apparmor_profile;
    labels.label_ = program.selinux_label;
    if (!labels.profile_.empty()) {
        if (!os::exists_at(os::FdView::cwd(), "/proc/self/attr/apparmor"))
            return Error(Error::Kind::unsupported,
                         "AppArmor profile '{}': this kernel has no AppArmor",
                         excerpt(labels.profile_));
        labels.apparmor_ = TRY(open_attribute("/proc/self/attr/apparmor/exec"));
    }
    if (!labels.label_.empty()) {
        if (!has_selinux())
            return Error(Error::Kind::unsupported, "SELinux label '{}': this kernel has no SELinux",
                         excerpt(labels.label_));
        labels.selinux_ = TRY(open_attribute("/proc/self/attr/exec"));
    }
    return labels;
}

std::vector<os::FdView> Labels::fds() const {
    std::vector<os::FdView> views;
    for (const os::Fd* fd : {&apparmor_, &selinux_})
        if (*fd) views.emplace_back(*fd);
    return views;
}

Result<> Labels::take() const {
    if (apparmor_)
        TRY(os::write_all(apparmor_, "exec " + profile_), "taking AppArmor profile '{}'",
            excerpt(profile_));
    if (selinux_)
        TRY(os::write_all(selinux_, label_), "taking SELinux label '{}'", excerpt(label_));
    return {};
}

}  // namespace sbx::sandbox
