// Runs a program inside a container that runs already.
//
//      caller                               program
//        | -------- os::spawn_beyond -------> |  in all namespaces of the container
//        |                                    |  finds its user, its terminal
//        | <------ ready (its terminal) ----- |
//        |                                    |  drops privileges, execve
//        | <----------- (closed) ------------ |  success
//        | <------------- failed ------------ |  or, at any moment, an Error; it then exits
//
// Nothing that the caller has open is with it on the way, and no process of the container may look
// at it.
#pragma once

#include <cstdint>

#include <sys/types.h>

#include "os/process.h"
#include "sandbox/plan.h"
#include "sandbox/surroundings.h"

namespace sbx::sandbox {

// A container by its first process, which its start time tells from a later one of the same pid.
struct Inhabited {
    pid_t init = 0;
    std::uint64_t start_time = 0;  // os::start_time_of()
};

struct Entered {
    os::Process process;                     // a child of the caller
    os::Fd terminal = {};                    // the outer side of its terminal, where it has one
    std::vector<std::string> warnings = {};  // a line for each thing that it asked for and lacks
};

// On return the program runs, in all namespaces of the container and, where `surroundings` names
// its cgroup, there. Kind::not_found says that the container has ended; Kind::no_such_command and
// Kind::not_executable that all went well but for the program. A gate has no meaning here.
Result<Entered> enter(const Program& program, const Inhabited& container,
                      const Surroundings& surroundings = {});

}  // namespace sbx::sandbox
