#include "os/root.h"

#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "os/file.h"

namespace sbx::os {

// openat2 answers EAGAIN when a rename elsewhere might have fooled it; it is right to ask again,
// and wrong to do so for ever.
static constexpr int kTries = 128;

namespace {

// The umask is the person's, and means their files, not those of a container.
class NoUmask {
public:
    NoUmask() = default;
    NoUmask(const NoUmask&) = delete;
    NoUmask& operator=(const NoUmask&) = delete;
    ~NoUmask() { ::umask(before_); }

private:
    mode_t before_ = ::umask(0);
};

}  // namespace

Result<Root> Root::open(const std::string& host_path) { return open_at(FdView::cwd(), host_path); }

Result<Root> Root::open_at(FdView directory, const std::string& name) {
    Fd opened(::openat(directory.get(), name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!opened) return Error::from_errno(errno, "open '{}'", name);
    return Root(std::move(opened));
}

Result<Fd> Root::resolve(const std::string& path, int flags, std::uint64_t rules) const {
    const open_how how{.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC),
                       .mode = 0,
                       .resolve = RESOLVE_IN_ROOT | rules};
    long fd = -1;
    for (int i = 0; i < kTries && fd < 0; ++i) {
        fd = ::syscall(SYS_openat2, directory_.get(), path.c_str(), &how, sizeof how);
        if (fd < 0 && errno != EAGAIN && errno != EINTR) break;
    }
    if (fd < 0) return Error::from_errno(errno, "open '{}'", path);
    return Fd(static_cast<int>(fd));
}

Result<Fd> Root::open_relative(const std::string& path, int flags) const {
    return resolve(path, flags, RESOLVE_NO_MAGICLINKS);
}

Result<Fd> Root::open_without_links(const std::string& path, int flags) const {
    return resolve(path, flags, RESOLVE_NO_SYMLINKS);
}

Result<Fd> Root::open_on_this_mount(const std::string& path, int flags) const {
    return resolve(path, flags, RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
}

Result<Fd> Root::open(const InnerPath& path, int flags) const {
    return open_relative(path.text(), flags);
}

Result<Fd> Root::make_directories(const InnerPath& path) const {
    // Most often all of it is there.
    Result<Fd> whole = open(path, O_PATH | O_DIRECTORY);
    if (!whole.failed_with(std::errc::no_such_file_or_directory)) return whole;

    const NoUmask as_asked;
    std::string so_far;
    Fd here = TRY(open_relative("/", O_PATH | O_DIRECTORY));
    for (const std::string& name : path.names()) {
        so_far += "/" + name;
        Result<Fd> next = open_relative(so_far, O_PATH | O_DIRECTORY);
        if (next.failed_with(std::errc::no_such_file_or_directory)) {
            if (::mkdirat(here.get(), name.c_str(), 0755) != 0 && errno != EEXIST)
                return Error::from_errno(errno, "make directory '{}'", so_far);
            next = open_relative(so_far, O_PATH | O_DIRECTORY);
        }
        here = TRY(std::move(next));
    }
    return here;
}

Result<Fd> Root::make_file(const InnerPath& path) const {
    Result<Fd> there = open(path, O_PATH);
    if (!there.failed_with(std::errc::no_such_file_or_directory) || path.is_root()) return there;
    const Fd parent = TRY(make_directories(path.parent()));
    const NoUmask as_asked;
    // mknodat, unlike open(O_CREAT), opens nothing that somebody may have put there meanwhile.
    if (::mknodat(parent.get(), path.names().back().c_str(), S_IFREG | 0644, 0) != 0 &&
        errno != EEXIST)
        return Error::from_errno(errno, "make file '{}'", path.text());
    return open(path, O_PATH);
}

Result<std::string> Root::read_file(const InnerPath& path, std::size_t limit) const {
    const Fd file = TRY(open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
    return read_regular(file, path.text(), limit);
}

}  // namespace sbx::os
