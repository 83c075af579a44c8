#include "image/metadata.h"

#include <algorithm>
#include <array>

#include <sys/stat.h>
#include <sys/xattr.h>

#include "base/text.h"

namespace sbx::image {

Owner owner_of(const archive::Entry& entry, Ownership ownership) {
    if (ownership == Ownership::all_mine) return {};
    return {.uid = entry.uid, .gid = entry.gid};
}

// EINVAL: the user namespace maps one of the ids to nothing.
static Error owner_error(Owner owner) {
    if (errno != EINVAL)
        return Error::from_errno(errno, "give it to user {}, group {}", owner.uid, owner.gid);
    return Error(Error::Kind::unsupported,
                 "it belongs to user {}, group {}, which your subordinate ids do not reach",
                 owner.uid, owner.gid)
        .hint("a larger range in /etc/subuid and /etc/subgid helps: see `man 5 subuid`");
}

Result<> give_to(Owner owner, os::FdView file) {
    if (::fchown(file.get(), owner.uid, owner.gid) == 0) return {};
    return owner_error(owner);
}

Result<> give_to(Owner owner, os::FdView folder, const std::string& name) {
    if (::fchownat(folder.get(), name.c_str(), owner.uid, owner.gid, AT_SYMLINK_NOFOLLOW) == 0)
        return {};
    return owner_error(owner);
}

static std::array<timespec, 2> times_of(archive::Moment modified) {
    const timespec time{.tv_sec = modified.seconds,
                        .tv_nsec = static_cast<long>(modified.nanoseconds)};
    return {time, time};
}

Result<> set_time(archive::Moment modified, os::FdView file) {
    if (::futimens(file.get(), times_of(modified).data()) == 0) return {};
    return Error::from_errno(errno, "set its time");
}

Result<> set_time(archive::Moment modified, os::FdView folder, const std::string& name) {
    if (::utimensat(folder.get(), name.c_str(), times_of(modified).data(), AT_SYMLINK_NOFOLLOW) ==
        0)
        return {};
    return Error::from_errno(errno, "set its time");
}

bool is_kept_attribute(std::string_view name, Ownership ownership) {
    if (name == "security.capability") return ownership == Ownership::as_recorded;
    if (!name.starts_with("user.")) return false;
    for (const std::string_view reserved :
         {"user.overlay.", "user.fuseoverlayfs.", "user.containers."})
        if (name.starts_with(reserved)) return false;
    return true;
}

Attributes attributes_of(os::FdView file) {
    Attributes attributes;
    const ssize_t room = ::flistxattr(file.get(), nullptr, 0);
    if (room <= 0) return attributes;  // as of most files
    std::string list(static_cast<std::size_t>(room), '\0');
    const ssize_t size = ::flistxattr(file.get(), list.data(), list.size());
    if (size <= 0) return attributes;
    for (const std::string_view word :
         split(std::string_view(list).substr(0, static_cast<std::size_t>(size) - 1), '\0')) {
        const std::string name(word);
        if (!is_kept_attribute(name, Ownership::as_recorded)) continue;
        constexpr std::size_t kLargest = 65536;  // XATTR_SIZE_MAX
        std::string value(kLargest, '\0');
        const ssize_t length = ::fgetxattr(file.get(), name.c_str(), value.data(), value.size());
        if (length < 0) continue;
        value.resize(static_cast<std::size_t>(length));
        attributes.emplace_back(name, std::move(value));
    }
    std::ranges::sort(attributes);  // file systems have an order of their own
    return attributes;
}

Result<> set_attributes(os::FdView file, const archive::Entry& entry, Ownership ownership) {
    for (const auto& [name, value] : entry.attributes) {
        if (!is_kept_attribute(name, ownership)) continue;
        if (::fsetxattr(file.get(), name.c_str(), value.data(), value.size(), 0) == 0) continue;
        if (errno == EOPNOTSUPP && name.starts_with("user.")) continue;
        return Error::from_errno(errno, "set its attribute '{}'", excerpt(name));
    }
    return {};
}

}  // namespace sbx::image
