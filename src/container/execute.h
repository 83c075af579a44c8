// A further program in a container that runs: what `exec` is asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "container/blueprint.h"
#include "sandbox/enter.h"
#include "store/containers.h"

namespace sbx::container {

struct ExecOptions {
    std::vector<std::string> command = {};
    bool tty = false;
    bool privileged = false;
    std::vector<std::string> env = {};
    std::vector<std::string> env_files = {};
    std::optional<std::string> user = {};  // without it, the container's
    std::string workdir = {};              // without it, the container's
    int preserve_fds = 0;
};

// What the container's own program has, with what the options say. `own` is the caller's
// environment, for -e NAME.
Result<sandbox::Request> compose_exec(const Blueprint& blueprint, const ExecOptions& options,
                                      const std::vector<std::string>& own);

// On return the program runs, as a child of the caller. Kind::failed where the container does not
// run, Kind::busy where it is paused.
Result<sandbox::Entered> execute(const store::Containers& containers, const std::string& id,
                                 const sandbox::Request& request,
                                 const sandbox::Surroundings& surroundings = {});

}  // namespace sbx::container
