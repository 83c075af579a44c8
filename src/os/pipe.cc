#include "os/pipe.h"

#include <fcntl.h>
#include <unistd.h>

namespace sbx::os {

Result<Pipe> open_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return Error::from_errno(errno, "open a pipe");
    return Pipe{.read_end = Fd(ends[0]), .write_end = Fd(ends[1])};
}

Result<> do_not_wait(FdView fd) {
    const int flags = ::fcntl(fd.get(), F_GETFL);
    if (flags < 0 || ::fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK) != 0)
        return Error::from_errno(errno, "have descriptor {} not wait", fd.get());
    return {};
}

}  // namespace sbx::os
