// A child that begins where its parent cannot go: in namespaces that a go-between enters first.
//
//      parent                  go-between                     child
//        | ------ clone3 -------> |
//        |                        |  enters namespaces
//        |                        | -- clone3 (CLONE_PARENT) --> |  a child of the parent's
//        | <-- its pid, pidfd --- |
//
// A pid namespace is entered by children alone, and a process that has entered a user namespace
// does not come back.
#pragma once

#include <functional>

#include "base/error.h"
#include "os/fd.h"
#include "os/process.h"

namespace sbx::os {

struct Beyond {
    // In the go-between. `line` has to stay open, whatever else is closed there.
    std::function<Result<>(FdView line)> enter;
    std::function<void()> child;  // does not return

    std::uint64_t namespaces = 0;        // new ones of the child, CLONE_NEW*
    FdView cgroup = FdView::number(-1);  // both begin there
};

// Returns once the child was born; a failure of the go-between is that of this function.
Result<Process> spawn_beyond(const Beyond& beyond);

}  // namespace sbx::os
