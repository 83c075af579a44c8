// A directory tree whose content nobody vouches for: an image, a volume, a build context.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "os/fd.h"
#include "os/path.h"

namespace sbx::os {

// Every path under a Root is resolved by the kernel with the Root as "/" (openat2(2),
// RESOLVE_IN_ROOT), so that no symbolic link and no race can lead out of it, nor into /proc's magic
// links. Code that has a Root never builds the equivalent host path.
class Root {
public:
    static Result<Root> open(const std::string& host_path);
    static Result<Root> open_at(FdView directory, const std::string& name);
    static Root of(Fd directory) { return Root(std::move(directory)); }

    // `flags` as for open(2), without O_CREAT. Links inside the tree are followed inside the tree,
    // unless O_NOFOLLOW says otherwise for the last name.
    Result<Fd> open(const InnerPath& path, int flags) const;
    Result<Fd> open_relative(const std::string& path, int flags) const;

    // The same for what has to be where its path says: any symbolic link on the way is ELOOP.
    Result<Fd> open_without_links(const std::string& path, int flags) const;

    // Likewise, and nothing else may be mounted on it or on the way: EXDEV.
    Result<Fd> open_on_this_mount(const std::string& path, int flags) const;

    // Makes what is missing of `path`, 0755 whatever the umask, and opens it with O_PATH. A
    // dangling link on the way is an error: nothing is made behind it.
    Result<Fd> make_directories(const InnerPath& path) const;

    // Opens the file at `path` with O_PATH, made empty first (mode 0644) where nothing is there.
    Result<Fd> make_file(const InnerPath& path) const;

    // The whole of a regular file. Anything else there (a FIFO would block, a device would not
    // end) and anything larger than `limit` bytes is refused.
    Result<std::string> read_file(const InnerPath& path, std::size_t limit) const;

    FdView directory() const { return directory_; }

private:
    explicit Root(Fd directory) : directory_(std::move(directory)) {}
    Result<Fd> resolve(const std::string& path, int flags, std::uint64_t rules) const;

    Fd directory_;
};

}  // namespace sbx::os
