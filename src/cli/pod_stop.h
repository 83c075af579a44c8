#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_pod_stop();
std::unique_ptr<Command> make_pod_kill();

}  // namespace sbx::cli
