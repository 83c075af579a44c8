#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_generate_systemd();

}  // namespace sbx::cli
