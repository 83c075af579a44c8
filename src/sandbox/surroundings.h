#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/error.h"
#include "os/fd.h"
#include "sandbox/seccomp_listener.h"

namespace sbx::sandbox {

// Who connects a new network namespace to the world.
struct Network {
    // In the namespace, as root of the user namespace that has it, before any id is mapped: the
    // other sides of its devices, one at least and os::kMostFds at most.
    std::function<Result<std::vector<os::Fd>>()> make;

    // Where this value is: has those sides served, and sees that they are.
    std::function<Result<>(std::vector<os::Fd> devices)> serve;
    std::function<Result<>()> await;
};

// What a container is made in, beside its Plan: it belongs to the process that makes it.
struct Surroundings {
    bool dies_with_parent = false;  // however that ends

    // A socket of open_gate(): the container waits there, all but its program made, for start_at()
    // by whoever comes. It outlives the process that made it. -1: the program is run at once.
    os::FdView gate = os::FdView::number(-1);

    // The state of the container as hooks read it, with its first process and whether it is made:
    // runtime-spec, runtime.md. Without it there are no hooks.
    enum class Stage : std::uint8_t { creating, created };
    std::function<std::string(pid_t init, Stage stage)> state = {};

    // Who answers the calls that the filter holds up; with a gate whoever starts it says so.
    Observer observer = {};

    const Network* network = nullptr;  // none: what it has is its loopback, or the host's

    os::FdView cgroup = os::FdView::number(-1);  // a folder of cgroup v2 it is born in
};

}  // namespace sbx::sandbox
