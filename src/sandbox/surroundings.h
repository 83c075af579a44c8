#pragma once

#include "os/fd.h"

namespace sbx::sandbox {

struct Observer;

// What a container is made in, beside its Plan: it belongs to the process that makes it.
struct Surroundings {
    bool dies_with_parent = false;  // however that ends

    // A socket of open_gate(): the container waits there, all but its program made, for start_at()
    // by whoever comes. It outlives the process that made it. -1: the program is run at once.
    os::FdView gate = os::FdView::number(-1);

    // Who answers the calls that the filter holds up; with a gate whoever starts it says so.
    const Observer* observer = nullptr;

    os::FdView cgroup = os::FdView::number(-1);  // a folder of cgroup v2 it is born in
};

}  // namespace sbx::sandbox
