#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_container_clone();

}  // namespace sbx::cli
