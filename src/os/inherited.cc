#include "os/inherited.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"

namespace sbx::os {

// Descriptors of our own are close-on-exec; one that came through an execve is not.
static bool is_inherited(int fd) {
    const int flags = ::fcntl(fd, F_GETFD);
    return flags >= 0 && (flags & FD_CLOEXEC) == 0;
}

Result<> check_inherited(int count) {
    if (count < 0 || count > kMostInherited)
        return Error(Error::Kind::usage, "{} descriptors: at most {} can be handed on", count,
                     kMostInherited);
    for (int fd = 3; fd < 3 + count; ++fd)
        if (!is_inherited(fd))
            return Error::from_errno(EBADF, "descriptor {} is to be the program's", fd);
    return {};
}

Result<> close_inherited() {
    const Fd folder(::open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return Error::from_errno(errno, "open '/proc/self/fd'");
    for (const std::string& name : TRY(names_in(folder))) {
        const auto fd = static_cast<int>(TRY(parse_number(name, 0, INT32_MAX)));
        if (fd > 2 && is_inherited(fd)) ::close(fd);
    }
    return {};
}

Result<> give_null(std::initializer_list<int> numbers) {
    const Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null) return Error::from_errno(errno, "open '/dev/null'");
    for (const int number : numbers)
        TRY(place_at(null, number));
    return {};
}

}  // namespace sbx::os
