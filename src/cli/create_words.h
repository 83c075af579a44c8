// The command line that a container was made with, and the same for a unit of systemd.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace sbx::cli {

// What this process was started with, without its own name and the options before the command; in
// "run IMAGE ls" it is all of that. Empty where that cannot be read.
std::vector<std::string> own_words();

// Words that `run` or `create` had, as a unit runs them: in the foreground, and for a container of
// that name that takes the place of an older one and goes with its end. It is started again by
// systemd, not by its own settings. Kind::usage where they are neither.
Result<std::vector<std::string>> words_for_unit(const std::vector<std::string>& words,
                                                const std::string& name);

}  // namespace sbx::cli
