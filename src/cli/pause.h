#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_pause();
std::unique_ptr<Command> make_unpause();

}  // namespace sbx::cli
