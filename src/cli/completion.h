#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_completion();
std::unique_ptr<Command> make_complete();  // what the shells' scripts ask

}  // namespace sbx::cli
