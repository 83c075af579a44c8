#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/command.h"
#include "os/fd.h"

namespace sbx::cli {

std::unique_ptr<Command> make_export();

// An archive for the file `output`, or for standard output where that is empty: Kind::usage where
// it is a terminal. What `write` returns is warned of; where it fails, no half of a file is left.
using WriteArchive = std::function<Result<std::vector<std::string>>(os::FdView out)>;
Result<> write_archive(App& app, const std::string& output, const WriteArchive& write);

}  // namespace sbx::cli
