#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_pod_rm();
std::unique_ptr<Command> make_pod_prune();

}  // namespace sbx::cli
