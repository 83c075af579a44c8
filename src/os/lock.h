// Locks that last as long as the value that holds them: flock(2), gone with their process.
#pragma once

#include <chrono>
#include <string>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

enum class Share : std::uint8_t { shared, exclusive };

class Lock {
public:
    // Locks the file directory/name, making it where it is missing. Waits `patience` for other
    // holders; Kind::busy after that.
    static Result<Lock> take(FdView directory, const std::string& name, Share share,
                             std::chrono::milliseconds patience);

    // The same, now or not at all: Kind::busy.
    static Result<Lock> try_take(FdView directory, const std::string& name, Share share);

    Lock(Lock&&) noexcept = default;
    Lock& operator=(Lock&&) = delete;
    ~Lock() { release(); }

    // Takes the file away as well. Whoever waits for it takes a new one.
    void remove(FdView directory, const std::string& name) noexcept;

    // Now, and for the copies of it that forked processes have, too: a lock belongs to the open
    // file that they share.
    void release() noexcept;

private:
    explicit Lock(Fd file) : file_(std::move(file)) {}

    Fd file_;
};

}  // namespace sbx::os
