// Pipes: pipe(7).
#pragma once

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

struct Pipe {
    Fd read_end = {};
    Fd write_end = {};
};
Result<Pipe> open_pipe();

// Reads and writes on what is open as `fd` fail with EAGAIN where they would wait; for all who have
// it.
Result<> do_not_wait(FdView fd);

}  // namespace sbx::os
