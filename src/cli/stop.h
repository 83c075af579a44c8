#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_stop();

// --time of `stop` and `rm`: seconds, -1 for ever; nothing where it is not given.
Result<std::optional<std::chrono::seconds>> parse_patience(const std::optional<std::string>& text);

}  // namespace sbx::cli
