#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_inspect();
std::unique_ptr<Command> make_image_inspect();
std::unique_ptr<Command> make_volume_inspect();

// What `document` says of each name: as one array or, where `format` is a template, by that. A name
// that it knows nothing of is told, and the others still have their turn. The exit status.
Result<int> show_documents(App& app, const std::vector<std::string>& names,
                           const std::string& format,
                           const std::function<Result<Json>(const std::string&)>& document);

}  // namespace sbx::cli
