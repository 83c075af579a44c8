#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_container_exists();
std::unique_ptr<Command> make_image_exists();

}  // namespace sbx::cli
