#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_stats();
std::unique_ptr<Command> make_pod_stats();

}  // namespace sbx::cli
