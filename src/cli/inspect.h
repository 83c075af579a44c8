#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_inspect();
std::unique_ptr<Command> make_image_inspect();
std::unique_ptr<Command> make_volume_inspect();

}  // namespace sbx::cli
