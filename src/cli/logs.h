#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_logs();
std::unique_ptr<Command> make_pod_logs();

}  // namespace sbx::cli
