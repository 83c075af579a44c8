// A unit of a user's systemd that starts a container at login, or at boot for who lingers:
// systemd.service(5), podman-generate-systemd(1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "container/blueprint.h"

namespace sbx::container {

struct UnitOptions {
    std::string program = {};               // the path of sbx
    std::vector<std::string> globals = {};  // its options before the command
    // Of a `run` for a new container each time, in the place of the one that there is.
    std::vector<std::string> run = {};
    std::optional<std::string> restart = {};  // Restart=
    std::optional<int> restart_seconds = {};
    std::optional<int> start_seconds = {};
    std::optional<int> stop_seconds = {};  // without it, the container's own
    std::vector<std::string> wants = {};
    std::vector<std::string> after = {};
    std::vector<std::string> needs = {};
    std::vector<std::string> environment = {};  // NAME=VALUE
    bool header = true;
};

// `name` is what the container is called in it. A container with a restart policy of its own is
// left to its monitor once it has been started; for a new one each time it is systemd's.
// Kind::usage where an option cannot stand there.
Result<std::string> systemd_unit(const Blueprint& blueprint, const std::string& name,
                                 const UnitOptions& options);

}  // namespace sbx::container
