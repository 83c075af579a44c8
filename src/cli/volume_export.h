#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_volume_export();

}  // namespace sbx::cli
