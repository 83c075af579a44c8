#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_healthcheck_run();

}  // namespace sbx::cli
