#include "os/lock.h"

#include <sys/file.h>
#include <time.h>

namespace sbx::os {

using std::chrono::milliseconds;

static Result<Fd> open_lock(FdView directory, const std::string& name) {
    Fd file(
        ::openat(directory.get(), name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return Error::from_errno(errno, "open lock '{}'", name);
    return file;
}

static bool lock_now(const Fd& file, Share share) {
    return ::flock(file.get(), (share == Share::shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0;
}

static void sleep_for(milliseconds time) {
    const timespec span{.tv_sec = time.count() / 1000, .tv_nsec = time.count() % 1000 * 1'000'000};
    ::nanosleep(&span, nullptr);
}

void Lock::release() noexcept {
    if (file_) ::flock(file_.get(), LOCK_UN);
    file_.reset();
}

Result<Lock> Lock::try_take(FdView directory, const std::string& name, Share share) {
    Fd file = TRY(open_lock(directory, name));
    if (lock_now(file, share)) return Lock(std::move(file));
    if (errno == EWOULDBLOCK)
        return Error(Error::Kind::busy, "another sbx holds the lock '{}'", name);
    return Error::from_errno(errno, "lock '{}'", name);
}

Result<Lock> Lock::take(FdView directory, const std::string& name, Share share,
                        milliseconds patience) {
    Fd file = TRY(open_lock(directory, name));
    milliseconds pause(1);
    for (milliseconds waited(0);; waited += pause, pause = std::min(pause * 2, milliseconds(50))) {
        if (lock_now(file, share)) return Lock(std::move(file));
        if (errno != EWOULDBLOCK && errno != EINTR)
            return Error::from_errno(errno, "lock '{}'", name);
        if (waited >= patience)
            return Error(Error::Kind::busy, "another sbx has held the lock '{}' for {} ms", name,
                         waited.count());
        sleep_for(pause);
    }
}

}  // namespace sbx::os
