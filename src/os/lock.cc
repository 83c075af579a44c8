#include "os/lock.h"

#include <algorithm>

#include <sys/file.h>

#include "os/file.h"
#include "os/poll.h"

namespace sbx::os {

using std::chrono::milliseconds;

static Result<Fd> open_lock(FdView directory, const std::string& name) {
    Fd file(
        ::openat(directory.get(), name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return Error::from_errno(errno, "open lock '{}'", name);
    return file;
}

// Whether `file` is still what others find under this name. The folder that it locks may have been
// removed, and made again, between open(2) and flock(2).
static bool is_current(const Fd& file, FdView directory, const std::string& name) {
    const Result<struct stat> held = status_of(file);
    const Result<struct stat> found = status_at(directory, name);
    return held && found && held->st_dev == found->st_dev && held->st_ino == found->st_ino;
}

// Nothing where another process holds the lock.
static Result<Fd> lock_now(FdView directory, const std::string& name, Share share) {
    const int operation = (share == Share::shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
    for (;;) {
        Fd file = TRY(open_lock(directory, name));
        if (::flock(file.get(), operation) != 0) {
            if (errno == EWOULDBLOCK) return Fd();
            return Error::from_errno(errno, "lock '{}'", name);
        }
        if (is_current(file, directory, name)) return file;
    }
}

void Lock::remove(FdView directory, const std::string& name) noexcept {
    if (file_) ::unlinkat(directory.get(), name.c_str(), 0);
    release();
}

void Lock::release() noexcept {
    if (file_) ::flock(file_.get(), LOCK_UN);
    file_.reset();
}

Result<Lock> Lock::try_take(FdView directory, const std::string& name, Share share) {
    Fd file = TRY(lock_now(directory, name, share));
    if (!file) return Error(Error::Kind::busy, "another sbx holds the lock '{}'", name);
    return Lock(std::move(file));
}

Result<Lock> Lock::take(FdView directory, const std::string& name, Share share,
                        milliseconds patience) {
    milliseconds pause(1);
    for (milliseconds waited(0);; waited += pause, pause = std::min(pause * 2, milliseconds(50))) {
        Fd file = TRY(lock_now(directory, name, share));
        if (file) return Lock(std::move(file));
        if (waited >= patience)
            return Error(Error::Kind::busy, "another sbx has held the lock '{}' for {} ms", name,
                         waited.count());
        sleep_for(pause);
    }
}

}  // namespace sbx::os
