// TOML 1.0 documents, as Json with a place in the file for every key.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/json.h"

namespace sbx {

struct TomlDocument {
    std::string file;  // for errors
    Json root;         // dates and times are of a type that no key has
    std::map<std::string, std::pair<unsigned, unsigned>> places;  // "a.b.0.c" -> line, column

    // "sbx.toml:3:5: ", or "sbx.toml: " where `key` is not in the file.
    std::string place_of(std::string_view key) const;
};

Result<TomlDocument> parse_toml(std::string_view text, std::string file);

}  // namespace sbx
