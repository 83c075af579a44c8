#include "os/lock.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

namespace sbx::os {

using std::chrono::milliseconds;

static Result<Fd> open_lock(FdView directory, const std::string& name) {
    Fd file(
        ::openat(directory.get(), name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return Error::from_errno(errno, "open lock '{}'", name);
    return file;
}

enum class Attempt : std::uint8_t { taken, held_by_others, removed_meanwhile, failed };

// A lock on a file that its last holder removed is a lock on nothing.
static Attempt lock_now(const Fd& file, Share share) {
    if (::flock(file.get(), (share == Share::shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0)
        return errno == EWOULDBLOCK || errno == EINTR ? Attempt::held_by_others : Attempt::failed;
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) return Attempt::failed;
    return status.st_nlink > 0 ? Attempt::taken : Attempt::removed_meanwhile;
}

static void sleep_for(milliseconds time) {
    const timespec span{.tv_sec = time.count() / 1000, .tv_nsec = time.count() % 1000 * 1'000'000};
    ::nanosleep(&span, nullptr);
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
    return take(directory, name, share, milliseconds(0));
}

Result<Lock> Lock::take(FdView directory, const std::string& name, Share share,
                        milliseconds patience) {
    Fd file = TRY(open_lock(directory, name));
    milliseconds pause(1);
    for (milliseconds waited(0);;) {
        switch (lock_now(file, share)) {
            case Attempt::taken: return Lock(std::move(file));
            case Attempt::failed: return Error::from_errno(errno, "lock '{}'", name);
            case Attempt::removed_meanwhile: file = TRY(open_lock(directory, name)); continue;
            case Attempt::held_by_others: break;
        }
        if (waited >= patience)
            return Error(Error::Kind::busy, "another sbx holds the lock '{}'", name);
        sleep_for(pause);
        waited += pause;
        pause = std::min(pause * 2, milliseconds(50));
    }
}

}  // namespace sbx::os
