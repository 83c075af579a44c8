// Making a container of a bundle, and having its program run.
//
//      sbx-oci create               first process                 sbx-oci start
//        | ------- launch ----------> |                             |
//        |                            |  all made, at its gate      |
//        |  state, console, pid file  |                             |
//        |  (ends)                    |                             |
//                                     | <--------- start ---------- |
//                                     |  execve                     |
//                                     | -------- (closed) --------> |
#pragma once

#include <string>

#include "base/error.h"
#include "runtime/console.h"
#include "runtime/hooks.h"
#include "runtime/states.h"
#include "sandbox/host.h"
#include "sandbox/launch.h"

namespace sbx::runtime {

struct Creation {
    std::string id;
    std::string bundle = ".";
    std::string config = "config.json";
    Console console = {};
    int preserved_descriptors = 0;
    bool own_keyring = true;
    sandbox::CgroupManager cgroup_manager = sandbox::CgroupManager::cgroupfs;
};

// All is made and waits for start(): the process outlives its maker. On failure nothing is left.
// What comes back is what was asked for, can be left out by the specification, and cannot be had.
Result<Warnings> create(const States& states, const Creation& creation, const sandbox::Host& host);

// The same, and the program runs at once, as a child of the caller.
struct Started {
    StateFolder folder;
    sandbox::Running running;
    Warnings warnings = {};  // as of create()
};
Result<Started> run(const States& states, const Creation& creation, const sandbox::Host& host);

// Has the program of a created container run. Kind::busy where it does already. A poststart hook
// that fails ends the program.
Result<> start(const States& states, const std::string& id);

}  // namespace sbx::runtime
