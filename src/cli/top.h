#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_top();
std::unique_ptr<Command> make_pod_top();

}  // namespace sbx::cli
