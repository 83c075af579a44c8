// An open file descriptor: owned (Fd) or borrowed (FdView), never a bare int past this header.
//
// Every descriptor sbx opens is close-on-exec from birth; what a container inherits is named in its
// Plan and nothing else. There is no "close and check" here: close(2) on Linux always frees the
// descriptor, and a write whose success matters is settled with fsync before it.
#pragma once

#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"

namespace sbx::os {

class Fd {
public:
    Fd() = default;
    explicit Fd(int fd) noexcept : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        if (this != &other) reset(std::exchange(other.fd_, -1));
        return *this;
    }
    ~Fd() { reset(); }

    int get() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }
    void reset(int fd = -1) noexcept {
        if (fd_ >= 0) ::close(fd_);
        fd_ = fd;
    }
    explicit operator bool() const noexcept { return fd_ >= 0; }

private:
    int fd_ = -1;
};

// What a function takes when it only uses a descriptor: an Fd, or the current directory.
class FdView {
public:
    FdView(const Fd& fd) noexcept : fd_(fd.get()) {}  // NOLINT(google-explicit-constructor)
    static FdView cwd() noexcept { return FdView(AT_FDCWD); }
    static FdView number(int fd) noexcept { return FdView(fd); }  // one that was inherited
    int get() const noexcept { return fd_; }

private:
    explicit FdView(int fd) noexcept : fd_(fd) {}
    int fd_;
};

// Marks every descriptor from `first` up close-on-exec. close_range(2), since Linux 5.11.
Result<> close_on_exec_from(int first);

// Closes every descriptor from `first` up, whoever opened it.
Result<> close_from(int first);

// Closes every descriptor but those, for a process that goes on with them alone.
Result<> close_all_but(std::vector<FdView> kept);

// Gives `fd` to the program that this process will become: it stays open across execve(2).
Result<> keep_across_exec(FdView fd);

// A second descriptor for the same open file, close-on-exec.
Result<Fd> duplicate(FdView fd);

// Makes descriptor `number` (0, 1 or 2, or one a program was promised) refer to what `fd` does.
Result<> place_at(FdView fd, int number);

}  // namespace sbx::os
