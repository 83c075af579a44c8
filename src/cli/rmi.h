#pragma once

#include "cli/command.h"
#include "image/remove.h"

namespace sbx::cli {

std::unique_ptr<Command> make_rmi();

// Why what belongs to no image is still there, if it is.
void warn_kept(const App& app, const image::Collected& collected);

}  // namespace sbx::cli
