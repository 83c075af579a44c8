// Where a container waits that was made by one process and is to be started by another.
//
//      starter                              child
//        |                                    |  waits, everything done but the last steps
//        | ------------- start -------------> |
//        | <----------- starting ------------ |
//        |                                    |  drops privileges, execve (handshake.h)
//        | <----------- (closed) ------------ |  success: execve closed the child's end
//        | <------------- failed ------------ |  or an Error; the child then exits
//
// Closed before `starting` means that somebody else was faster, or that the child was killed.
#pragma once

#include <string>

#include "base/error.h"
#include "os/fd.h"
#include "sandbox/handshake.h"
#include "sandbox/seccomp_listener.h"

namespace sbx::sandbox {

// The socket `name` in `folder`, for Surroundings: who may write in the folder may start the
// container. Whoever opened it removes it.
Result<os::Fd> open_gate(os::FdView folder, const std::string& name);

// Has the container at that gate run its program, and returns once it does.
// Kind::no_such_command and Kind::not_executable say that all went well but for the program.
struct Starter {
    Observer observer = {};  // of the calls of `process`, the container's first, where it is wanted
    pid_t process = 0;
};
Result<> start_at(os::FdView folder, const std::string& name, const Starter& starter = {});

// The child's side: whoever started it is at the other end.
Result<Line> wait_at(os::FdView gate);

}  // namespace sbx::sandbox
