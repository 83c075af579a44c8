#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_pod_start();
std::unique_ptr<Command> make_pod_restart();

}  // namespace sbx::cli
