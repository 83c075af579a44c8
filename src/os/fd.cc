#include "os/fd.h"

#include <algorithm>

#include <linux/close_range.h>
#include <sys/syscall.h>

namespace sbx::os {

Result<> close_on_exec_from(int first) {
    if (::syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return {};
    return Error::from_errno(errno, "mark descriptors from {} close-on-exec", first);
}

Result<> close_from(int first) {
    if (::syscall(SYS_close_range, first, ~0U, 0) == 0) return {};
    return Error::from_errno(errno, "close descriptors from {}", first);
}

Result<> close_all_but(std::vector<FdView> kept) {
    std::ranges::sort(kept, [](FdView a, FdView b) { return a.get() < b.get(); });
    unsigned next = 0;
    for (const FdView fd : kept) {
        if (fd.get() < 0) continue;
        const auto number = static_cast<unsigned>(fd.get());
        if (number > next && ::syscall(SYS_close_range, next, number - 1, 0) != 0)
            return Error::from_errno(errno, "close descriptors from {}", next);
        next = number + 1;
    }
    return close_from(static_cast<int>(next));
}

Result<> keep_across_exec(FdView fd) {
    if (::fcntl(fd.get(), F_SETFD, 0) == 0) return {};
    return Error::from_errno(errno, "keep descriptor {} across execve", fd.get());
}

Result<Fd> duplicate(FdView fd) {
    Fd copy(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3));
    if (!copy) return Error::from_errno(errno, "duplicate descriptor {}", fd.get());
    return copy;
}

Result<> place_at(FdView fd, int number) {
    if (fd.get() == number) return keep_across_exec(fd);
    if (::dup2(fd.get(), number) == number) return {};
    return Error::from_errno(errno, "make a descriptor number {}", number);
}

}  // namespace sbx::os
