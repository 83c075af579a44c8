// Files that a person keeps about registries: passwords, routes, certificates.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sbx::registry {

constexpr std::size_t kLargestConfigFile = std::size_t{1} << 20;

// The whole of the file; nothing where there is none. Links are followed: the files of a home
// directory often are some.
Result<std::optional<std::string>> read_config_file(const std::string& path,
                                                    std::size_t limit = kLargestConfigFile);

// The paths in `directory` whose names end in `suffix`, in the order of bytes; none where there is
// no such directory.
Result<std::vector<std::string>> files_in(const std::string& directory, std::string_view suffix);

bool is_directory(const std::string& path);

}  // namespace sbx::registry
