#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_inspect();
std::unique_ptr<Command> make_image_inspect();

}  // namespace sbx::cli
