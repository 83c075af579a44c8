#pragma once

#include <string>

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_start();

// Starts the container with that id in the background; one that runs already is left as it is.
Result<> start_container(App& app, const std::string& id);

}  // namespace sbx::cli
