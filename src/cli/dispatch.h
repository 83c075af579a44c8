// From the words of the command line to the exit status.
#pragma once

#include <string>
#include <vector>

namespace sbx::cli {

// Runs the command that `words` name (without argv[0]), prints its error if it fails, and returns
// the exit status: the program's own, or 125, 126, 127 as for docker.
int dispatch(const std::vector<std::string>& words);

}  // namespace sbx::cli
