// The command line that a container was made with, and the same for a unit of systemd.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace sbx::cli {

// What is kept of a command line, and shown: all but what opens a registry, --creds.
Result<std::vector<std::string>> without_credentials(const std::vector<std::string>& words);

// Words that `run` or `create` had, as a unit runs them: in the foreground, and for a container of
// that name that takes the place of an older one and goes with its end. It is started again by
// systemd, not by its own settings. Kind::usage where they are neither.
Result<std::vector<std::string>> words_for_unit(const std::vector<std::string>& words,
                                                const std::string& name);

}  // namespace sbx::cli
