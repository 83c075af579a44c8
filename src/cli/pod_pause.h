#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_pod_pause();
std::unique_ptr<Command> make_pod_unpause();

}  // namespace sbx::cli
